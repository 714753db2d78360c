/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.browser;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.ScreenshotOptions;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.ScreenshotCaret;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A browser context with one page, which records console errors, policy violations and other
 * problems.
 */
public final class Window implements AutoCloseable {
  private static final Path ALBUM = Path.of("target", "album");
  private static final List<String> RULES =
      List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa");

  private final BrowserContext context;
  private final Page page;
  private final List<String> problems = new ArrayList<>();
  private final Set<String> failedPages = new HashSet<>();
  private List<String> home = List.of();

  Window(BrowserContext context, int timeoutMillis) {
    this.context = context;
    context.setDefaultTimeout(timeoutMillis);
    context.onConsoleMessage(this::record);
    context.onWebError(error -> problems.add("uncaught: " + error.error()));
    context.onResponse(this::record);
    context.onRequest(
        request -> {
          if (!home.isEmpty() && home.stream().noneMatch(request.url()::startsWith)) {
            problems.add("request to another origin: " + request.url());
          }
        });
    // the browser's message names no page, and a report-only policy is not in the console
    context.addInitScript(
        """
        addEventListener('securitypolicyviolation', violation => console.error(
            `violates ${violation.effectiveDirective} of ${location.pathname}: ${violation.blockedURI}`))
        """);
    page = context.newPage();
  }

  /** Returns the page. Actions wait up to a minute for their element. */
  public Page page() {
    return page;
  }

  /**
   * Returns the browser context, with cookies, permissions and further pages, whose problems are
   * recorded too.
   */
  public BrowserContext context() {
    return context;
  }

  /**
   * Records requests to any other origin as problems from now on.
   *
   * @param origins prefixes of allowed addresses, such as {@code http://localhost:8000/}
   */
  public void stayAt(String... origins) {
    var allowed = new ArrayList<>(List.of(origins));
    allowed.addAll(List.of("data:", "blob:"));
    home = List.copyOf(allowed);
  }

  /**
   * Saves a screenshot in {@code target/album/} and records as problems where the page is not
   * accessible (WCAG 2.2 AA, by axe) or wider than the window.
   *
   * @param name file name of the screenshot without extension
   */
  public void look(String name) {
    page.waitForLoadState();
    page.screenshot(
        new ScreenshotOptions()
            .setPath(ALBUM.resolve(name + ".png"))
            .setFullPage(true)
            // hiding the caret would add a style, which the page's policy forbids
            .setCaret(ScreenshotCaret.INITIAL));
    // without legacy mode axe opens another page for cross-origin frames, which takes a second
    var axe = new AxeBuilder(page).setLegacyMode(true).withTags(RULES);
    for (var violation : axe.analyze().getViolations()) {
      for (var node : violation.getNodes()) {
        problems.add(name + ": " + violation.getId() + " at " + node.getTarget());
      }
    }
    var wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth";
    if ((Boolean) page.evaluate(wide)) {
      problems.add(name + ": wider than the window");
    }
  }

  /**
   * Returns the problems so far: console errors, uncaught errors, violations of the content
   * security policy, and findings of {@link #look} and {@link #stayAt}. The error status of a
   * navigation, for example after a rejected form, is no problem.
   */
  public List<String> problems() {
    // pending messages of the browser arrive with the response to this call
    page.evaluate("() => new Promise(done => setTimeout(done))");
    return List.copyOf(problems);
  }

  private void record(Response response) {
    if (response.status() >= 400 && response.request().isNavigationRequest()) {
      failedPages.add(response.url());
    }
  }

  private void record(ConsoleMessage message) {
    var isAboutPage =
        message.text().startsWith("Failed to load resource")
            // the location is an address, a line and a column
            && failedPages.contains(message.location().replaceFirst("(:\\d+){2}$", ""));
    // a network interface of this machine has changed, for example of a container
    var isAboutNetwork = message.text().contains("net::ERR_NETWORK_CHANGED");
    if (message.type().equals("error") && !isAboutPage && !isAboutNetwork) {
      problems.add("console: " + message.text() + " (" + message.location() + ")");
    }
  }

  @Override
  public void close() {
    context.close();
  }
}
