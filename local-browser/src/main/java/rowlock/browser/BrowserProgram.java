/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.browser;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The browser program of this machine.
 *
 * @param path path of the program; null if there is none
 * @param reason why there is none and what to do, in one line
 */
record BrowserProgram(@Nullable Path path, String reason) {
  static final String VARIABLE = "ROWLOCK_CHROMIUM";

  /** The headless shell comes first: it is the same engine and needs half the CPU time. */
  private static final List<String> NAMES =
      List.of(
          "chromium-headless-shell",
          "chromium",
          "chromium-browser",
          "google-chrome",
          "google-chrome-stable");

  /** Returns the program that the variable names, or else the first name on the path. */
  static BrowserProgram find(Map<String, String> environment) {
    var named = environment.get(VARIABLE);
    if (named != null && !named.isBlank()) {
      var path = Path.of(named);
      return Files.isExecutable(path)
          ? new BrowserProgram(path, "")
          : new BrowserProgram(null, VARIABLE + ": " + named + " is not a program.");
    }
    var folders = environment.getOrDefault("PATH", "").split(Pattern.quote(File.pathSeparator), -1);
    var found =
        NAMES.stream()
            .flatMap(name -> Arrays.stream(folders).map(folder -> Path.of(folder, name)))
            .filter(Files::isExecutable);
    var elsewhere =
        Stream.of(Path.of("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"))
            .filter(Files::isExecutable);
    return new BrowserProgram(
        Stream.concat(found, elsewhere).findFirst().orElse(null),
        "No Chromium found: install one (on Debian 'apt-get install chromium-headless-shell') or"
            + " name it in "
            + VARIABLE
            + ".");
  }

  /**
   * Returns whether tests must fail without a browser: in a pipeline, or if the variable is set.
   *
   * @param property value of the property {@code rowlock.browser}
   */
  static boolean isRequired(Map<String, String> environment, @Nullable String property) {
    return "required".equals(property)
        || "true".equals(environment.get("CI"))
        || !environment.getOrDefault(VARIABLE, "").isBlank();
  }
}
