/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Checks that tests, settings and files in the documents exist. */
class DocumentsTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Pattern TEST_NAME = Pattern.compile("`([A-Z][a-zA-Z0-9]+(?:IT|Tests?))`");
  private static final Pattern VARIABLE = Pattern.compile("\\bROWLOCK_[A-Z_]+[A-Z]\\b");
  private static final Pattern CLAIM_TEST = Pattern.compile("\\]\\(([^)]+\\.java)\\)( \\(T\\))?");
  private static final Pattern THOROUGH =
      Pattern.compile("^@Tag\\(\"thorough\"\\)", Pattern.MULTILINE);
  private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|#)([^)#]+)");

  @Test
  void namedTests_exist() throws IOException {
    Set<String> tests =
        files(".java")
            .map(file -> file.getFileName().toString().replace(".java", ""))
            .collect(Collectors.toSet());

    for (var document : documents()) {
      assertThat(tests)
          .as("tests named in %s", document)
          .containsAll(found(TEST_NAME, document, 1));
    }
  }

  @Test
  void settingsOfTheApi_areListed() throws IOException {
    Set<String> inCode = new TreeSet<>();
    try (var sources = Files.walk(ROOT.resolve("resource-server/src/main/java"))) {
      for (var source : sources.filter(Files::isRegularFile).toList()) {
        inCode.addAll(found(VARIABLE, source, 0));
      }
    }

    assertThat(found(VARIABLE, ROOT.resolve("docs/operations.md"), 0)).containsAll(inCode);
  }

  @Test
  void namedSettings_exist() throws IOException {
    Set<String> read = new TreeSet<>();
    for (var file : files(".java", ".yaml", ".yml", ".properties", ".sh", "run").toList()) {
      read.addAll(found(VARIABLE, file, 0));
    }
    for (var document : documents()) {
      assertThat(read)
          .as("settings named in %s", document)
          .containsAll(found(VARIABLE, document, 0));
    }
  }

  @Test
  void links_leadToExistingFiles() throws IOException {
    for (var document : documents()) {
      for (var link : found(LINK, document, 1)) {
        assertThat(document.resolveSibling(link)).as("linked from %s", document).exists();
      }
    }
  }

  @Test
  void claims_testsThatOnlyThoroughRuns_areMarked() throws IOException {
    var claims = ROOT.resolve("docs/claims.md");

    assertThat(CLAIM_TEST.matcher(Files.readString(claims)).results())
        .isNotEmpty()
        .allSatisfy(
            link ->
                assertThat(Files.readString(claims.resolveSibling(link.group(1))))
                    .matches(
                        source -> THOROUGH.matcher(source).find() == (link.group(2) != null),
                        "%s is marked (T) if its class has the tag thorough"
                            .formatted(link.group(1))));
  }

  private static Set<Path> documents() throws IOException {
    return files(".md").collect(Collectors.toSet());
  }

  private static Stream<Path> files(String... endings) throws IOException {
    try (var all = Files.walk(ROOT)) {
      return all
          .filter(file -> Stream.of(endings).anyMatch(file.toString()::endsWith))
          .filter(Files::isRegularFile)
          .filter(
              file ->
                  !ROOT.relativize(file)
                      .toString()
                      .matches("(.*/)?(\\.(git|rowlock|idea)|target)/.*"))
          .toList()
          .stream();
    }
  }

  private static Set<String> found(Pattern pattern, Path file, int group) throws IOException {
    return pattern
        .matcher(Files.readString(file))
        .results()
        .map(result -> result.group(group))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
