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

/** One person's browser, with one page, which notes everything that is not as it should be. */
public final class Window implements AutoCloseable {
  private static final Path ALBUM = Path.of("target", "album");
  private static final List<String> RULES =
      List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa");

  private final BrowserContext context;
  private final Page page;
  private final List<String> problems = new ArrayList<>();
  private final Set<String> refusedPages = new HashSet<>();
  private List<String> home = List.of();

  Window(BrowserContext context, int patienceMillis) {
    this.context = context;
    context.setDefaultTimeout(patienceMillis);
    context.onConsoleMessage(this::note);
    context.onWebError(error -> problems.add("uncaught: " + error.error()));
    context.onResponse(this::note);
    context.onRequest(
        request -> {
          if (!home.isEmpty() && home.stream().noneMatch(request.url()::startsWith)) {
            problems.add("asks elsewhere: " + request.url());
          }
        });
    // the browser's own words on it name no page; a policy that only reports is not in the console
    context.addInitScript(
        """
        addEventListener('securitypolicyviolation', violation => console.error(
            `violates ${violation.effectiveDirective} of ${location.pathname}: ${violation.blockedURI}`))
        """);
    page = context.newPage();
  }

  /** The page. Clicks and the like wait a minute for what they click on. */
  public Page page() {
    return page;
  }

  /** The cookies, permissions and further pages of this window; theirs are noted too. */
  public BrowserContext context() {
    return context;
  }

  /**
   * From now on a request to any other place is a problem.
   *
   * @param origins beginnings of addresses, such as {@code http://localhost:8000/}
   */
  public void stayAt(String... origins) {
    var allowed = new ArrayList<>(List.of(origins));
    allowed.addAll(List.of("data:", "blob:"));
    home = List.copyOf(allowed);
  }

  /**
   * Leaves an image in {@code target/album/} and notes where the page is not accessible (WCAG 2.2
   * AA, by axe) or wider than the window.
   *
   * @param name of the image, without ending
   */
  public void look(String name) {
    page.waitForLoadState();
    page.screenshot(
        new ScreenshotOptions()
            .setPath(ALBUM.resolve(name + ".png"))
            .setFullPage(true)
            // to hide it a style would be put into the page, against the page's policy
            .setCaret(ScreenshotCaret.INITIAL));
    // without legacy mode axe opens another page, for frames of other origins, which takes a second
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
   * What was noted so far: errors in the console, uncaught ones, violations of the page's policy
   * (CSP), and what {@link #look} and {@link #stayAt} find. A page that is itself answered with an
   * error status, a refused form say, is none.
   */
  public List<String> problems() {
    // what the browser has told the driver arrives while the driver is asked something
    page.evaluate("() => new Promise(done => setTimeout(done))");
    return List.copyOf(problems);
  }

  private void note(Response response) {
    if (response.status() >= 400 && response.request().isNavigationRequest()) {
      refusedPages.add(response.url());
    }
  }

  private void note(ConsoleMessage message) {
    var tellsOfPage =
        message.text().startsWith("Failed to load resource")
            // an address, a line and a column
            && refusedPages.contains(message.location().replaceFirst("(:\\d+){2}$", ""));
    // a network interface came or went on this machine, a container's for example
    var tellsOfMachine = message.text().contains("net::ERR_NETWORK_CHANGED");
    if (message.type().equals("error") && !tellsOfPage && !tellsOfMachine) {
      problems.add("console: " + message.text() + " (" + message.location() + ")");
    }
  }

  @Override
  public void close() {
    context.close();
  }
}
