/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.web.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.Route.FulfillOptions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import rowlock.product.web.TestWeb;

/** Checks every state of the page with axe and takes screenshots in target/album. */
class PageAccessibilityIT {
  private static final String TASKS = "**/api/me/tasks?*";

  private final TestWeb web = TestWeb.shared();

  private enum Display {
    LIGHT("en", ColorScheme.LIGHT, 1180, 820),
    DARK("en", ColorScheme.DARK, 1180, 820),
    LIGHT_PHONE("de", ColorScheme.LIGHT, 320, 640),
    DARK_PHONE("de", ColorScheme.DARK, 360, 740);

    private final String language;
    private final ColorScheme colours;
    private final int width;
    private final int height;

    Display(String language, ColorScheme colours, int width, int height) {
      this.language = language;
      this.colours = colours;
      this.width = width;
      this.height = height;
    }

    NewContextOptions options() {
      return new NewContextOptions()
          .setLocale(language)
          .setColorScheme(colours)
          // no screenshots of running animations
          .setReducedMotion(ReducedMotion.REDUCE)
          .setViewportSize(width, height);
    }

    String name(String state) {
      return "page-" + state + "-" + name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  @ParameterizedTest
  @EnumSource(names = "DARK_PHONE")
  void usualStates_areAccessibleAndFit(Display display) {
    try (var tasks = TasksPage.open(web, display.options())) {
      var page = tasks.page();
      wait(page, ".welcome");
      look(tasks, display, "01-welcome");
      page.navigate(web.address() + "/?login=expired");
      wait(page, ".why");
      look(tasks, display, "02-late");
      tasks.registerByPages();
      wait(page, ".calm");
      look(tasks, display, "03-empty");

      tasks
          .add("Oil the oarlocks")
          .add("Book the ferry to Helgoland, the early one, with four bicycles");
      page.locator("[data-task] .words").first().click();
      wait(page, ".editing");
      page.locator("textarea")
          .fill("Before Friday.\nDonaudampfschifffahrtsgesellschaftskapitänskajüte");
      look(tasks, display, "04-editing");
      page.locator("input[name=title]").fill(" ");
      page.locator("input[name=title]").press("Enter");
      look(tasks, display, "05-wrong");
      page.locator("input[name=title]").fill("Book the ferry to Helgoland");
      tasks.awaitResponse("PUT", () -> page.locator("input[name=title]").press("Enter"));
      page.locator("[data-show=all]").click();
      tasks.awaitResponse("PATCH", () -> page.locator(".tick").last().check());
      wait(page, ".task.done");
      look(tasks, display, "06-tasks");
      conflict(tasks, display);

      page.locator(".remove").last().click();
      look(tasks, display, "08-deleted");
      page.locator(".notice .link").click();
      page.locator("#search").fill("zebra");
      wait(page, ".calm");
      look(tasks, display, "09-nothing-found");
      page.locator("#search").press("Escape");
      wait(page, "[data-task]");
      outage(tasks, display);
      account(tasks, display);
      assertThat(tasks.problems("status of (412|503)", "ERR_INTERNET_DISCONNECTED")).isEmpty();
    }
  }

  @Tag("thorough")
  @ParameterizedTest
  @EnumSource(names = "DARK_PHONE", mode = Mode.EXCLUDE)
  void usualStates_inTheOtherDisplays_areAccessibleAndFit(Display other) {
    usualStates_areAccessibleAndFit(other);
  }

  @ParameterizedTest
  @EnumSource(names = "DARK_PHONE")
  void failureStates_areAccessibleAndFit(Display display) {
    try (var tasks = TasksPage.open(web, display.options())) {
      var page = tasks.page();
      tasks.registerByPages().add("Oil the oarlocks").add("Book the ferry to Helgoland");
      page.route("**/account/sessions", PageAccessibilityIT::respondUnavailable);
      page.locator(".avatar").click();
      wait(page, "dialog.sheet .wrong");
      look(tasks, display, "17-devices-failed");
      page.unroute("**/account/sessions");
      page.keyboard().press("Escape");

      page.locator("[data-task] .words").first().click();
      page.locator("input[name=title]").fill("Book the late ferry");
      page.evaluate(
          """
          async () => {
            const session = await (await fetch('/session')).json();
            const tasks = await (await fetch('/api/me/tasks')).json();
            await fetch('/api/me/tasks/' + tasks.items[0].id,
                {method: 'DELETE', headers: {'X-CSRF-Token': session.csrf}});
          }""");
      page.locator("input[name=title]").press("Enter");
      wait(page, ".conflict");
      look(tasks, display, "18-gone");
      page.locator(".conflict .button").first().click();

      ended(tasks, display, "expired", "19-expired");
      ended(tasks, display, "ended", "20-ended");
      ended(tasks, display, "signed-out-here", "21-signed-out-here");
      page.route("**/session", PageAccessibilityIT::respondUnavailable);
      page.reload();
      wait(page, ".state");
      look(tasks, display, "22-unreachable");
      assertThat(tasks.problems("status of (404|503)")).isEmpty();
    }
  }

  @Tag("thorough")
  @ParameterizedTest
  @EnumSource(names = "DARK_PHONE", mode = Mode.EXCLUDE)
  void failureStates_inTheOtherDisplays_areAccessibleAndFit(Display other) {
    failureStates_areAccessibleAndFit(other);
  }

  /** Simulates the server's response after the session has ended. */
  private void ended(TasksPage tasks, Display display, String reason, String state) {
    var page = tasks.page();
    page.route(
        "**/session",
        route ->
            route.fulfill(
                new FulfillOptions()
                    .setContentType("application/json")
                    .setBody("{\"signedIn\":false,\"reason\":\"" + reason + "\"}")));
    page.reload();
    wait(page, "#why");
    look(tasks, display, state);
    page.unroute("**/session");
  }

  private static void respondUnavailable(Route route) {
    route.fulfill(
        new FulfillOptions()
            .setStatus(503)
            .setContentType("application/problem+json")
            .setBody("{\"type\":\"https://x.example/problems/service-unavailable\"}"));
  }

  private void conflict(TasksPage tasks, Display display) {
    var page = tasks.page();
    page.locator("[data-task] .words").first().click();
    page.locator("input[name=title]").fill("Book the late ferry");
    var other = tasks.tab();
    other.page().navigate(web.address() + "/?show=all");
    other.page().locator("[data-task] .words").first().click();
    other.page().locator("input[name=title]").fill("Book no ferry");
    other.awaitResponse("PUT", () -> other.page().locator("input[name=title]").press("Enter"));
    // exact, because the page also announces what it has saved
    other.page().getByText("Book no ferry", new Page.GetByTextOptions().setExact(true)).waitFor();
    other.page().close();
    page.locator("input[name=title]").press("Enter");
    wait(page, ".conflict");
    look(tasks, display, "07-conflict");
    tasks.awaitResponse("PUT", () -> page.locator(".conflict .primary").click());
    assertThat(page.locator(".conflict")).hasCount(0);
  }

  private void outage(TasksPage tasks, Display display) {
    var page = tasks.page();
    tasks.window().context().setOffline(true);
    page.locator("#new-task").fill("Buy a compass");
    page.locator("#new-task").press("Enter");
    wait(page, ".unsaved .tools");
    look(tasks, display, "10-offline");
    tasks.window().context().setOffline(false);
    assertThat(page.locator(".unsaved")).hasCount(0);

    page.route(
        TASKS,
        route ->
            route.fulfill(
                new FulfillOptions()
                    .setStatus(503)
                    .setContentType("application/problem+json")
                    .setHeaders(Map.of("Retry-After", "600"))
                    .setBody("{\"type\":\"https://x.example/problems/api-unreachable\"}")));
    page.locator("[data-show=open]").click();
    wait(page, "#failed");
    look(tasks, display, "11-failed");
    page.unroute(TASKS);
    page.route(TASKS, route -> {}); // no response
    page.locator("[data-show=done]").click();
    wait(page, ".skeleton");
    look(tasks, display, "12-loading");
    page.unroute(TASKS);
    page.locator("[data-show=all]").click();
    wait(page, "[data-task]");
  }

  private void account(TasksPage tasks, Display display) {
    var page = tasks.page();
    page.locator(".avatar").click();
    wait(page, ".devices");
    look(tasks, display, "13-account");
    page.locator(".leave .button").last().click();
    wait(page, "dialog.ask");
    look(tasks, display, "14-question");
    page.locator("dialog.ask .button").first().click();
    page.locator("dialog.sheet .head .icon").click();
    assertThat(page.locator("dialog")).hasCount(0);
    page.locator("h1").click();
    page.keyboard().press("?");
    wait(page, "dialog.keys");
    look(tasks, display, "15-keys");
    page.keyboard().press("Escape");
    page.locator(".avatar").click();
    wait(page, ".devices");
    page.locator(".leave .button").first().click();
    wait(page, "#why");
    look(tasks, display, "16-signed-out");
  }

  private static void look(TasksPage tasks, Display display, String state) {
    tasks.window().look(display.name(state));
  }

  private static void wait(Page page, String selector) {
    page.waitForSelector(selector);
  }
}
