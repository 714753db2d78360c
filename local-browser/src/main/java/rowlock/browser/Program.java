/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.browser;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which browser there is.
 *
 * @param path the program, if there is one
 * @param reason why there is none, and what to do: one line
 */
record Program(Optional<Path> path, String reason) {
  static final String VARIABLE = "ROWLOCK_CHROMIUM";

  /** The same engine without windows, in half the CPU time, comes first. */
  private static final List<String> NAMES =
      List.of(
          "chromium-headless-shell",
          "chromium",
          "chromium-browser",
          "google-chrome",
          "google-chrome-stable");

  /** Returns the one that the variable names; otherwise the first name that is on the path. */
  static Program find(Map<String, String> environment) {
    var named = environment.get(VARIABLE);
    if (named != null && !named.isBlank()) {
      var path = Path.of(named);
      return Files.isExecutable(path)
          ? new Program(Optional.of(path), "")
          : new Program(Optional.empty(), VARIABLE + ": " + named + " is no program.");
    }
    var folders = environment.getOrDefault("PATH", "").split(Pattern.quote(File.pathSeparator), -1);
    var found =
        NAMES.stream()
            .flatMap(name -> Arrays.stream(folders).map(folder -> Path.of(folder, name)))
            .filter(Files::isExecutable);
    var elsewhere =
        Stream.of(Path.of("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"))
            .filter(Files::isExecutable);
    return new Program(
        Stream.concat(found, elsewhere).findFirst(),
        "There is no Chromium: install one (on Debian 'apt-get install chromium-headless-shell') or"
            + " name it in "
            + VARIABLE
            + ".");
  }

  /**
   * Whether tests must fail where there is none: in a pipeline, and where one was named.
   *
   * @param wish the property {@code rowlock.browser}
   */
  static boolean isRequired(Map<String, String> environment, @Nullable String wish) {
    return "required".equals(wish)
        || "true".equals(environment.get("CI"))
        || !environment.getOrDefault(VARIABLE, "").isBlank();
  }
}
