/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.browser;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

  /** The one the variable names, else the first on the path. */
  static Program find(Map<String, String> environment) {
    var named = environment.get(VARIABLE);
    if (named != null && !named.isBlank()) {
      var path = Path.of(named);
      return Files.isExecutable(path)
          ? new Program(Optional.of(path), "")
          : new Program(Optional.empty(), VARIABLE + ": " + named + " is no program.");
    }
    var found =
        Pattern.compile(Pattern.quote(File.pathSeparator))
            .splitAsStream(environment.getOrDefault("PATH", ""))
            .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
            .filter(Files::isExecutable);
    var elsewhere =
        Stream.of(Path.of("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"))
            .filter(Files::isExecutable);
    return new Program(
        Stream.concat(found, elsewhere).findFirst(),
        "There is no Chromium: install one (on Debian 'apt-get install chromium') or name it in "
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
