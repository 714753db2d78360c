/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import rowlock.local.cache.AotCache;
import rowlock.local.system.Jdk;

/**
 * Writes the file from which the script {@code start} runs the classes of this build again without
 * Maven. It contains the variables {@code java} and {@code class_path} for a shell, and if there is
 * a cache of the JVM, {@code cache} and {@code cached_class_path}.
 */
final class StartFile {
  private static final String NAME = "start.sh";

  private StartFile() {}

  /**
   * Writes the file.
   *
   * @param target directory of the build's output
   * @param classPath of this build
   * @param cached the same program with its cache, or null if there is none
   */
  static void write(Path target, List<Path> classPath, AotCache.@Nullable Program cached)
      throws IOException {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("java", Jdk.java().toString());
    variables.put("class_path", joined(classPath));
    if (cached != null) {
      variables.put("cache", cached.file().toString());
      variables.put("cached_class_path", joined(cached.classPath()));
    }
    var lines = new StringBuilder();
    variables.forEach(
        (name, value) -> lines.append(name).append('=').append(quoted(value)).append('\n'));
    var temporary = Files.createTempFile(target, NAME, null);
    Files.writeString(temporary, lines);
    Files.move(temporary, target.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
  }

  private static String joined(List<Path> classPath) {
    return classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
