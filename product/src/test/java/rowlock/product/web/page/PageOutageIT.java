/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.web.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Route.FulfillOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.IsVisibleOptions;
import com.microsoft.playwright.options.AriaRole;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import rowlock.product.web.TestWeb;

/** The page without network, with lost responses, and with an unavailable API. */
class PageOutageIT {
  private static final String NO_NETWORK = "ERR_INTERNET_DISCONNECTED|ERR_FAILED";
  private static final String TASKS = "**/api/me/tasks*";

  private final TestWeb web = TestWeb.shared();

  @Test
  void addOffline_isSavedOnceAfterReconnecting() {
    try (var page = TasksPage.open(web)) {
      page.register().add("Before");
      page.window().context().setOffline(true);
      assertThat(page.page().getByText("No connection. Your text is kept in this tab."))
          .isVisible();
      page.newTask().fill("Meanwhile");
      page.newTask().press("Enter");
      assertThat(page.page().getByText("Not saved yet. The server is unreachable.")).isVisible();
      page.newTask().fill("Half a thought");

      page.window().context().setOffline(false);
      assertThat(page.task("Meanwhile")).isVisible();
      assertThat(page.page().locator(".banner")).hasCount(0);
      assertThat(page.newTask()).hasValue("Half a thought");
      page.page().reload();
      assertThat(page.task("Meanwhile")).hasCount(1);
      assertThat(page.problems(NO_NETWORK)).isEmpty();
    }
  }

  @Test
  void addWithLostResponse_createsOneTask() {
    try (var page = TasksPage.open(web)) {
      page.register().add("Before");
      page.page()
          .route(
              TASKS,
              route -> {
                if (route.request().method().equals("POST")) {
                  route.fetch(); // the server has it, but the response is lost
                  route.abort();
                } else {
                  route.resume();
                }
              });
      page.newTask().fill("Once");
      page.newTask().press("Enter");
      assertThat(page.page().getByText("Not saved yet.")).isVisible();
      page.page().unroute(TASKS);

      assertThat(page.task("Once")).isVisible();
      page.page().reload();
      assertThat(page.task("Before")).isVisible();
      assertThat(page.task("Once")).hasCount(1);
      assertThat(page.problems(NO_NETWORK)).isEmpty();
    }
  }

  @Test
  void addTwoEqualTasks_withOneLostResponse_createsTwo() {
    try (var page = TasksPage.open(web)) {
      page.register().add("Before");
      var sent = new AtomicInteger();
      page.page()
          .route(
              TASKS,
              route -> {
                if (!route.request().method().equals("POST")) {
                  route.resume();
                  return;
                }
                if (sent.getAndIncrement() == 0) {
                  route.fetch(); // the first arrives without a response; the others do not arrive
                }
                route.abort();
              });
      page.newTask().fill("Milk");
      page.newTask().press("Enter");
      page.newTask().fill("Milk");
      page.newTask().press("Enter");
      assertThat(page.page().getByText("Not saved yet.")).hasCount(2);
      page.page().unroute(TASKS);

      assertThat(page.page().locator(".unsaved")).hasCount(0);
      assertThat(page.task("Milk")).hasCount(2);
      page.page().reload();
      assertThat(page.task("Before")).isVisible();
      assertThat(page.task("Milk")).hasCount(2);
      assertThat(page.problems(NO_NETWORK)).isEmpty();
    }
  }

  @Test
  void rejectedChange_isUndoneWithANotice() {
    try (var page = TasksPage.open(web)) {
      page.register().add("Call Ada");
      page.page()
          .route(
              "**/complete",
              route ->
                  route.fulfill(
                      new FulfillOptions()
                          .setStatus(503)
                          .setContentType("application/problem+json")
                          .setHeaders(Map.of("Retry-After", "7"))
                          .setBody(
                              "{\"type\":\"https://x.example/problems/service-unavailable\","
                                  + "\"title\":\"Service unavailable\",\"status\":503}")));
      page.task("Call Ada").click();
      var notice = page.notice("“Call Ada” was not changed.");
      assertThat(notice).containsText("Please try again in 7 seconds.");
      assertThat(page.task("Call Ada")).not().isChecked();
      assertThat(page.page().getByRole(AriaRole.STATUS).first()).containsText("was not changed");
      assertThat(page.problems("status of 503")).isEmpty();
    }
  }

  @Test
  void apiDown_isReported_andRetriedAfterRetryAfter() {
    try (var page = TasksPage.open(web)) {
      page.register().add("Call Ada");
      web.stopApi();
      try {
        page.show("All");
        assertThat(page.page().getByText("Your tasks could not be loaded")).isVisible();
        // a connection that the stop broke causes another problem until the next attempt
        assertThat(page.page().getByText("The tasks are unavailable at the moment."))
            .isVisible(new IsVisibleOptions().setTimeout(60_000));
        assertThat(page.page().getByText("Next attempt in")).isVisible();
        page.newTask().fill("Meanwhile");
        page.newTask().press("Enter");
        assertThat(page.page().getByText("Not saved yet.")).isVisible();
      } finally {
        web.startApi();
      }
      assertThat(page.task("Call Ada")).isVisible();
      assertThat(page.task("Meanwhile")).isVisible();
      assertThat(page.problems("status of 50[234]")).isEmpty();
    }
  }

  @Test
  void incompleteResponse_listIsLoadedAgain() {
    try (var page = TasksPage.open(web)) {
      page.register().add("Before");
      page.page()
          .route(
              TASKS,
              route ->
                  route.fulfill(
                      new FulfillOptions()
                          .setStatus(502)
                          .setContentType("application/problem+json")
                          .setBody(
                              "{\"type\":\"https://x.example/problems/api-answer-unreadable\"}")));
      page.show("All");
      assertThat(page.page().getByText("Next attempt in")).isVisible();

      page.page().unroute(TASKS);

      assertThat(page.task("Before")).isVisible(new IsVisibleOptions().setTimeout(20_000));
      assertThat(page.problems("status of 502")).isEmpty();
    }
  }

  @Test
  void rejectedAccessToken_isExplainedInBothLanguages() {
    try (var page = TasksPage.open(web)) {
      page.register().add("Before");
      page.page()
          .route(
              TASKS,
              route ->
                  route.fulfill(
                      new FulfillOptions()
                          .setStatus(403)
                          .setContentType("application/problem+json")
                          .setHeaders(Map.of("Retry-After", "60"))
                          .setBody(
                              "{\"type\":\"https://x.example/problems/access-token-rejected\"}")));
      page.page().locator("[data-show=done]").click();
      assertThat(page.page().getByText("your account has no access to your tasks")).isVisible();
      page.page().evaluate("localStorage.setItem('rowlock.language', 'de')");
      page.page().reload();
      assertThat(page.page().getByText("Ihr Konto hat zurzeit keinen Zugriff")).isVisible();

      page.page().unroute(TASKS);
      page.page().evaluate("localStorage.setItem('rowlock.language', 'en')");
      page.page().reload();
      page.page().locator("[data-show=open]").click();
      assertThat(page.task("Before")).isVisible();
    }
  }
}
