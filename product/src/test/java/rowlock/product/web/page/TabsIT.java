/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.web.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.field.FieldReport;
import rowlock.product.web.TestWeb;
import rowlock.product.web.Visitor;

/** Several tabs of one browser. */
class TabsIT {
  private static final int LIFE = 3;

  private final TestWeb web = TestWeb.shared();

  @FieldReport("https://github.com/react-keycloak/react-keycloak/issues/15")
  @ParameterizedTest
  @ValueSource(ints = {2, 5})
  void wakingTabs_afterExpiry_causeOneRefresh(int count) {
    web.setAccessTokenLifetime(LIFE);
    try (var page = TasksPage.open(web)) {
      page.register().add("Call Ada");
      List<TasksPage> tabs = new ArrayList<>(List.of(page));
      while (tabs.size() < count) {
        tabs.add(page.tab());
      }
      tabs.forEach(tab -> assertThat(tab.task("Call Ada")).isVisible());
      page.page().waitForTimeout((LIFE + 1) * 1000.0);
      var refreshes = web.refreshesAtKeycloak();

      // all at once: the first tab notifies the others
      page.page()
          .evaluate(
              """
              () => {
                const channel = new BroadcastChannel('rowlock');
                channel.postMessage('tasks');
                channel.close();
              }""");
      page.returnToTab();
      tabs.forEach(tab -> tab.page().waitForTimeout(300));
      tabs.forEach(tab -> assertThat(tab.task("Call Ada")).isVisible());

      assertThat(web.refreshesAtKeycloak() - refreshes).isEqualTo(1);
      assertThat(page.problems()).isEmpty();
    } finally {
      web.setAccessTokenLifetime(0);
    }
  }

  @Test
  void change_isShownInTheOtherTab() {
    try (var page = TasksPage.open(web)) {
      page.register();
      var other = page.tab();
      assertThat(other.page().getByText("All done")).isVisible();
      page.add("Call Ada");
      assertThat(other.task("Call Ada")).isVisible();
      other.task("Call Ada").check();
      assertThat(page.task("Call Ada")).hasCount(0);
      assertThat(page.problems()).isEmpty();
    }
  }

  @Test
  void returnToATab_keepsRowsFocusAndPosition() {
    try (var page = TasksPage.open(web)) {
      page.register();
      var other = page.tab();
      create(other, 320);
      page.page().reload();
      assertThat(rows(page)).hasCount(50);
      for (var count = 100; count <= 300; count += 50) {
        page.button("Show more").click();
        assertThat(rows(page)).hasCount(count);
      }
      page.button("Show more").click();
      assertThat(rows(page)).hasCount(320);
      page.edit("Task 40").fill("Half a thought");
      page.task("Task 30").focus();
      var position = positionOf(page, "Task 30");
      var text = page.page().getByRole(AriaRole.STATUS).first().textContent();

      // without a notification to this tab, as from another device
      change(other, "Task 310", "DELETE", "", "");
      change(other, "Task 20", "PATCH", "/complete", "{\"completed\":true}");
      change(other, "Task 300", "PUT", "", "{\"title\":\"Task 300, renamed\"}");
      change(other, "Task 40", "PATCH", "/complete", "{\"completed\":true}");
      create(other, 3);
      page.returnToTab();

      assertThat(page.task("Task 300, renamed")).hasCount(1);
      assertThat(page.task("Task 310")).hasCount(0);
      assertThat(page.task("Task 20")).hasCount(0);
      assertThat(page.page().getByLabel("Title")).hasValue("Half a thought");
      assertThat(page.task("Task 30")).isFocused();
      assertThat(positionOf(page, "Task 30")).isEqualTo(position);
      assertThat(page.task("Task 1").first()).hasCount(1);
      assertThat(page.page().getByRole(AriaRole.STATUS).first().textContent()).isEqualTo(text);
      assertThat(page.problems()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "de"})
  void newTask_appearsOnlyInMatchingLists(String language) {
    try (var page = TasksPage.open(web, new NewContextOptions().setLocale(language))) {
      page.register().add("Call Ada");
      page.page().locator("[data-show=done]").click();
      page.page()
          .getByText(language.equals("en") ? "No completed tasks" : "Keine erledigten Aufgaben")
          .waitFor();

      page.newTask().fill("Oil the oarlocks");
      page.newTask().press("Enter");
      assertThat(page.notice("Oil the oarlocks")).isVisible();
      assertThat(page.page().locator("ul.tasks")).hasCount(0);
      assertThat(page.page().getByRole(AriaRole.STATUS).first()).containsText("Oil the oarlocks");
      page.window().look("tabs-added-elsewhere-" + language);

      page.page().locator("[data-show=open]").click();
      assertThat(rows(page)).hasCount(2);
      page.page().locator("#search").fill("Ada");
      assertThat(rows(page)).hasCount(1);
      page.newTask().fill("Write to Ada");
      page.newTask().press("Enter");
      assertThat(rows(page)).hasCount(2);
      page.newTask().fill("Water the plants");
      page.newTask().press("Enter");
      assertThat(page.notice("Water the plants")).isVisible();
      assertThat(rows(page)).hasCount(2);
      assertThat(page.problems()).isEmpty();
    }
  }

  private static Locator rows(TasksPage page) {
    return page.page().locator("[data-task]");
  }

  private static Object positionOf(TasksPage page, String title) {
    return page.task(title).evaluate("box => Math.round(box.getBoundingClientRect().top)");
  }

  /** Creates tasks by the API. */
  private static void create(TasksPage page, int count) {
    page.page()
        .evaluate(
            """
            async count => {
              const session = await (await fetch('/session')).json();
              for (let i = 1; i <= count; i++) {
                await fetch('/api/me/tasks', {
                  method: 'POST',
                  headers: {'Content-Type': 'application/json', 'X-CSRF-Token': session.csrf},
                  body: JSON.stringify({title: `Task ${i}`})});
              }
            }""",
            count);
  }

  /** Changes a task by the API. */
  private static void change(
      TasksPage page, String title, String method, String path, String body) {
    page.page()
        .evaluate(
            """
            async ([title, method, path, body]) => {
              const session = await (await fetch('/session')).json();
              const found = await (await fetch(`/api/me/tasks?limit=200&q=${encodeURIComponent(title)}`)).json();
              const task = found.items.findLast(task => task.title === title);
              const answer = await fetch(`/api/me/tasks/${task.id}${path}`, {
                method,
                headers: {
                  'Content-Type': 'application/json',
                  'X-CSRF-Token': session.csrf,
                  'If-Match': `"v${task.version}"`},
                body: body || undefined});
              if (!answer.ok) {
                throw new Error(`${method} ${title}: ${answer.status}`);
              }
            }""",
            List.of(title, method, path, body));
  }

  @Test
  void signOut_inOneTab_signsOutAllTabs() {
    try (var page = TasksPage.open(web)) {
      page.register().add("Call Ada");
      var other = page.tab();
      other.newTask().fill("Half a thought");
      page.signOut();
      page.awaitReason("You are signed out.");
      other.awaitReason("You are signed out.");
      assertThat(other.page().locator("body")).not().containsText("Call Ada");
      assertThat(other.page().evaluate("sessionStorage.length")).isEqualTo(0);
      assertThat(page.problems()).isEmpty();
    }
  }

  @Test
  void signInOfAnotherUser_removesDataOfTheFirst() {
    var next = web.visitor().registered();
    try (var page = TasksPage.open(web)) {
      page.register().add("Ada's task");
      page.newTask().fill("Ada's secret");
      // without a notification to the first tab
      var other = page.window().context().newPage();
      page.window().context().clearCookies();
      other.navigate(web.address() + "/login");
      other.locator("#username").fill(next.email());
      other.locator("#password").fill(Visitor.PASSWORD);
      other.locator("#kc-login").click();
      other.getByLabel("New task").waitFor();

      page.returnToTab();
      assertThat(page.page().locator("body")).not().containsText("Ada's task");
      assertThat(page.newTask()).hasValue("");
      assertThat((String) page.page().evaluate("JSON.stringify(sessionStorage)"))
          .doesNotContain("secret");
      page.add("Their own task");
      assertThat(page.problems()).isEmpty();
    }
  }
}
