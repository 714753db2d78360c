/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.BrowserType.LaunchPersistentContextOptions;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Playwright.CreateOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * The Chromium or Chrome of this machine, started at its first use and shared by all tests of the
 * JVM; it ends with the JVM. A test opens a {@link Window}, which knows nothing of other windows:
 *
 * <pre>{@code
 * try (var window = Chromium.open()) {
 *   window.page().navigate("http://localhost:" + port);
 *   window.look("01-tasks"); // an image, and accessibility
 *   assertThat(window.problems()).isEmpty(); // console errors, violated policies and the like
 * }
 * }</pre>
 *
 * <p>Where there is no browser the test is skipped and one line says what to install. In a
 * pipeline, which has {@code CI=true} or asks for {@code -Drowlock.browser=required}, it fails. The
 * variable {@code ROWLOCK_CHROMIUM} names a browser that is not on the path; if it is none, tests
 * fail.
 *
 * <p>To use it, a module takes {@code local-browser} as a test dependency and gives its failsafe
 * plugin the {@code driver-bundle}, as this module's POM does: so the 200 MB are fetched by {@code
 * verify} and not by those who only run the product. Playwright's objects belong to one thread,
 * JUnit's.
 */
public final class Chromium {
  // a machine that does other things too
  private static final int PATIENCE_MILLIS = 60_000;

  private Chromium() {}

  /** A window of a person with no cookies and no history. */
  public static Window open() {
    return open(new NewContextOptions());
  }

  /**
   * Likewise.
   *
   * @param options its size, language, colours and the like
   */
  public static Window open(NewContextOptions options) {
    return new Window(browser().newContext(options), PATIENCE_MILLIS);
  }

  /**
   * A browser of its own that keeps its profile in a folder, so that what survives a restart can be
   * tested: close the window, and open the folder again.
   */
  public static Window openProfile(Path folder) {
    var type = browser().browserType();
    var options =
        new LaunchPersistentContextOptions()
            .setExecutablePath(Shared.PROGRAM.path().orElseThrow())
            .setArgs(Running.arguments())
            .setLocale("en");
    return new Window(type.launchPersistentContext(folder, options), PATIENCE_MILLIS);
  }

  private static Browser browser() {
    var program = Shared.PROGRAM;
    if (program.path().isEmpty()) {
      if (Shared.REQUIRED) {
        Assertions.fail(program.reason());
      }
      Assumptions.abort(program.reason());
    }
    return Running.BROWSER;
  }

  private static final class Shared {
    static final Program PROGRAM = Program.find(System.getenv());
    static final boolean REQUIRED =
        Program.isRequired(System.getenv(), System.getProperty("rowlock.browser"));

    static {
      if (PROGRAM.path().isEmpty() && !REQUIRED) {
        System.err.println("Browser tests are left out. " + PROGRAM.reason());
      }
    }
  }

  private static final class Running {
    static final Browser BROWSER = launch(Shared.PROGRAM.path().orElseThrow());

    // the driver ends, and the browser with it, when the JVM that it hangs on does
    private static Browser launch(Path program) {
      return Playwright.create(
              new CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")))
          .chromium()
          .launch(new LaunchOptions().setExecutablePath(program).setArgs(arguments()));
    }

    private static List<String> arguments() {
      // nothing of its own into the network
      var arguments =
          new ArrayList<>(
              List.of(
                  "--disable-background-networking",
                  "--disable-component-update",
                  "--disable-sync"));
      if ("root".equals(System.getProperty("user.name"))) {
        // Chromium has no sandbox for root, and says so instead of starting
        arguments.add("--no-sandbox");
      }
      return arguments;
    }
  }
}
