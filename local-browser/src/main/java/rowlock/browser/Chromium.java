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
import java.util.Objects;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * The Chromium or Chrome of this machine. It is started on first use, shared by all tests of the
 * JVM, and ends with the JVM. A test opens a {@link Window}, which is isolated from other windows:
 *
 * <pre>{@code
 * try (var window = Chromium.open()) {
 *   window.page().navigate("http://localhost:" + port);
 *   window.look("01-tasks"); // screenshot and accessibility
 *   assertThat(window.problems()).isEmpty(); // console errors, policy violations and others
 * }
 * }</pre>
 *
 * <p>Without a browser the test is skipped, and one line states what to install. With {@code
 * CI=true} or {@code -Drowlock.browser=required} it fails. The variable {@code ROWLOCK_CHROMIUM}
 * names a browser that is not on the path; tests fail if it is not a program.
 *
 * <p>A module uses it as a test dependency and adds {@code driver-bundle} to its failsafe plugin,
 * as the POM of this module does. The 200 MB are therefore only downloaded by {@code verify}.
 * Playwright's objects must be used by JUnit's thread only.
 */
public final class Chromium {
  // long, because test machines are busy
  private static final int TIMEOUT_MILLIS = 60_000;

  private Chromium() {}

  /** Opens a window without cookies and history. */
  public static Window open() {
    return open(new NewContextOptions());
  }

  /**
   * Opens a window without cookies and history.
   *
   * @param options size, language, colours and others
   */
  public static Window open(NewContextOptions options) {
    return new Window(browser().newContext(options), TIMEOUT_MILLIS);
  }

  /**
   * Opens a separate browser with a persistent profile in a folder. A test restarts the browser by
   * closing the window and opening the folder again.
   */
  public static Window openProfile(Path folder) {
    var type = browser().browserType();
    var options =
        new LaunchPersistentContextOptions()
            .setExecutablePath(Objects.requireNonNull(Shared.PROGRAM.path()))
            .setArgs(Running.arguments())
            .setLocale("en");
    return new Window(type.launchPersistentContext(folder, options), TIMEOUT_MILLIS);
  }

  private static Browser browser() {
    var program = Shared.PROGRAM;
    if (program.path() == null) {
      if (Shared.REQUIRED) {
        Assertions.fail(program.reason());
      }
      Assumptions.abort(program.reason());
    }
    return Running.BROWSER;
  }

  private static final class Shared {
    static final BrowserProgram PROGRAM = BrowserProgram.find(System.getenv());
    static final boolean REQUIRED =
        BrowserProgram.isRequired(System.getenv(), System.getProperty("rowlock.browser"));

    static {
      if (PROGRAM.path() == null && !REQUIRED) {
        System.err.println("Browser tests are skipped. " + PROGRAM.reason());
      }
    }
  }

  private static final class Running {
    static final Browser BROWSER = launch(Objects.requireNonNull(Shared.PROGRAM.path()));

    // the driver and the browser end with the JVM
    private static Browser launch(Path program) {
      return Playwright.create(
              new CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")))
          .chromium()
          .launch(new LaunchOptions().setExecutablePath(program).setArgs(arguments()));
    }

    private static List<String> arguments() {
      // no requests of the browser itself; few processes, because each navigation to another site
      // starts one
      var arguments =
          new ArrayList<>(
              List.of(
                  "--disable-background-networking",
                  "--disable-component-update",
                  "--disable-sync",
                  "--disable-site-isolation-trials",
                  "--renderer-process-limit=1"));
      if ("root".equals(System.getProperty("user.name"))) {
        // Chromium does not start as root with a sandbox
        arguments.add("--no-sandbox");
      }
      return arguments;
    }
  }
}
