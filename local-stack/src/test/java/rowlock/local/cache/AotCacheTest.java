/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rowlock.local.system.Jdk;
import rowlock.local.system.StackFailure;

class AotCacheTest {
  private static final String MAIN = CachedProgram.class.getName();
  private static final String CLASS_FILE = MAIN.replace('.', '/') + ".class";

  @TempDir Path directory;
  private Path classes;
  private AotCache cache;

  @BeforeEach
  void writeProgram() throws IOException {
    classes = directory.resolve("classes");
    var file = classes.resolve(CLASS_FILE);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    try (var content = getClass().getResourceAsStream("CachedProgram.class")) {
      Files.copy(Objects.requireNonNull(content), file);
    }
    cache = new AotCache(directory.resolve("cache"), directory);
  }

  @Test
  void program_startsWithItsCache() throws Exception {
    assertThat(cache.find(List.of(classes))).isNull();

    var program = cache.make(List.of(classes), MAIN, Map.of());

    assertThat(cache.find(List.of(classes))).isEqualTo(program);
    // this mode ends the JVM if it cannot use the cache
    assertThat(run(program, "-XX:AOTMode=on")).isEqualTo("started\n");
  }

  @Test
  void changedClass_needsAnotherCache_andTheOldOneIsDeleted() throws Exception {
    var old = cache.make(List.of(classes), MAIN, Map.of());
    Files.setLastModifiedTime(classes.resolve(CLASS_FILE), FileTime.fromMillis(0));

    assertThat(cache.find(List.of(classes))).isNull();

    cache.make(List.of(classes), MAIN, Map.of());
    assertThat(old.file()).doesNotExist();
  }

  @Test
  void changedJar_startsWithoutTheCache() throws Exception {
    var program = cache.make(List.of(classes), MAIN, Map.of());
    Files.setLastModifiedTime(program.classPath().getFirst(), FileTime.fromMillis(0));

    assertThat(cache.find(program.classPath())).isNull();
    assertThat(run(program, "-XX:AOTMode=auto")).isEqualTo("started\n");
  }

  @Test
  void damagedCache_isIgnored() throws Exception {
    var program = cache.make(List.of(classes), MAIN, Map.of());
    try (var file = new RandomAccessFile(program.file().toFile(), "rw")) {
      for (var position = file.length() / 4; position < file.length(); position += 4096) {
        file.seek(position);
        file.write(0x5A);
      }
    }

    assertThat(run(program, "-XX:AOTMode=auto")).isEqualTo("started\n");
  }

  @Test
  void truncatedCache_isIgnored() throws Exception {
    var program = cache.make(List.of(classes), MAIN, Map.of());
    try (var file = new RandomAccessFile(program.file().toFile(), "rw")) {
      file.setLength(file.length() / 2);
    }

    assertThat(run(program, "-XX:AOTMode=auto")).isEqualTo("started\n");
  }

  @Test
  void failedRun_leavesNoCache() throws IOException {
    assertThatThrownBy(() -> cache.make(List.of(classes), MAIN, Map.of("FAIL", "true")))
        .isInstanceOf(StackFailure.class)
        .hasMessageContaining("make.log");

    assertThat(cache.find(List.of(classes))).isNull();
  }

  @Test
  void stoppedRun_leavesNoCache() throws IOException {
    cache.stop();

    assertThatThrownBy(() -> cache.make(List.of(classes), MAIN, Map.of()))
        .isInstanceOf(StackFailure.class);
    assertThat(cache.find(List.of(classes))).isNull();
  }

  @Test
  void directoryThatCannotBeWritten_isReported() throws IOException {
    // permissions do not stop the superuser, who runs the tests in containers
    Files.createFile(directory.resolve("cache"));

    assertThat(cache.find(List.of(classes))).isNull();
    assertThatThrownBy(() -> cache.make(List.of(classes), MAIN, Map.of()))
        .isInstanceOf(IOException.class);
  }

  /** Runs the program as the script {@code start} does, and returns its output. */
  private static String run(AotCache.Program program, String mode) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Jdk.java().toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:AOTCache=" + program.file(),
            mode,
            "-XX:+VerifySharedSpaces",
            "-Xlog:aot=off",
            "-Xlog:cds=off",
            "-cp",
            program.classPath().stream()
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator)),
            MAIN));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
