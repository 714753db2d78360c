/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.util.JavacTask;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A feature is removed by deleting its folder and its lines in {@code META-INF/services}. A feature
 * that requires it is removed as well.
 */
@Tag("thorough")
class FeatureRemovalTest {
  private static final Path SOURCES = Path.of("src/main/java/rowlock/keycloak");
  private static final Path SERVICES = Path.of("src/main/resources/META-INF/services");

  private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

  /** Shared by all compilations, because it keeps the archives open. */
  private static final StandardJavaFileManager FILES =
      COMPILER.getStandardFileManager(null, null, UTF_8);

  @BeforeAll
  static void setClassPath() throws IOException {
    FILES.setLocationFromPaths(StandardLocation.CLASS_PATH, classPath());
  }

  @AfterAll
  static void close() throws IOException {
    FILES.close();
  }

  @ParameterizedTest
  @MethodSource("rowlock.keycloak.ModuleLayout#features")
  void feature_removed_restCompiles(String feature) throws IOException {
    var removed = withDependents(feature);
    assertThat(errors(sourcesWithout(removed))).as("without %s", removed).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"login.browser", "support", "budget"})
  void requiredFeature_removed_restDoesNotCompile(String folder) throws IOException {
    assertThat(errors(sourcesWithout(Set.of(folder)))).isNotEmpty();
  }

  @Test
  void everyServiceIsRegisteredByAFeature() throws IOException {
    try (var files = Files.list(SERVICES)) {
      for (var file : files.toList()) {
        for (var name : Files.readAllLines(file, UTF_8)) {
          assertThat(ModuleLayout.classes().contain(name)).as("%s in %s", name, file).isTrue();
          assertThat(name).as("%s: support has no services", file).doesNotContain(".support.");
        }
      }
    }
  }

  private static Set<String> withDependents(String feature) {
    var removed = new TreeSet<>(Set.of(feature));
    ModuleLayout.NEEDS.forEach(
        (dependent, needed) -> {
          if (needed.equals(feature)) {
            removed.add(dependent);
          }
        });
    return removed;
  }

  private static List<Path> sourcesWithout(Set<String> features) throws IOException {
    var folders = features.stream().map(name -> SOURCES.resolve(name.replace('.', '/'))).toList();
    try (var files = Files.walk(SOURCES)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> folders.stream().noneMatch(file::startsWith))
          .toList();
    }
  }

  private static List<String> errors(List<Path> sources) throws IOException {
    var diagnostics = new DiagnosticCollector<JavaFileObject>();
    var task =
        (JavacTask)
            COMPILER.getTask(
                null,
                FILES,
                diagnostics,
                List.of("-proc:none", "-implicit:none", "-nowarn", "-sourcepath", ""),
                null,
                FILES.getJavaFileObjectsFromPaths(sources));
    task.analyze();
    return diagnostics.getDiagnostics().stream()
        .filter(one -> one.getKind() == Diagnostic.Kind.ERROR)
        .map(Object::toString)
        .toList();
  }

  /** Returns the class path of this test without the classes of this module. */
  private static List<Path> classPath() {
    var own = Path.of("target/classes").toAbsolutePath();
    var all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return Arrays.stream(all.split(File.pathSeparator, -1))
        .map(entry -> Path.of(entry).toAbsolutePath())
        .filter(entry -> !entry.equals(own))
        .toList();
  }
}
