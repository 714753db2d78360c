/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Writes the file from which the script {@code start} runs the classes of this build again without
 * Maven. It contains the variables {@code java} and {@code class_path} for a shell.
 */
final class StartFile {
  private static final String NAME = "start.sh";

  private StartFile() {}

  /**
   * Writes the file if the directory exists.
   *
   * @param target directory of the build's output
   */
  static void write(Path target) throws IOException {
    if (!Files.isDirectory(target)) {
      return;
    }
    var java = Path.of(System.getProperty("java.home"), "bin", "java");
    var classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .collect(Collectors.joining(File.pathSeparator));
    var temporary = Files.createTempFile(target, NAME, null);
    Files.writeString(
        temporary,
        "java=%s%nclass_path=%s%n".formatted(quoted(java.toString()), quoted(classPath)));
    Files.move(temporary, target.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
