/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.field.FieldReport;
import rowlock.web.TestWeb;
import rowlock.web.Visitor;

/** The tabs of one browser go in step. */
class TabsIT {

  private static final int LIFE = 3;

  private final TestWeb web = TestWeb.shared();

  @FieldReport("https://github.com/react-keycloak/react-keycloak/issues/15")
  @ParameterizedTest
  @ValueSource(ints = {2, 5})
  void tabsThatWakeAtOnceAfterTheExpiryAreServedByOneRefresh(int count) {
    web.accessTokensLive(LIFE);
    try (TasksPage page = TasksPage.open(web)) {
      page.register().add("Call Ada");
      List<TasksPage> tabs = new ArrayList<>(List.of(page));
      while (tabs.size() < count) {
        tabs.add(page.tab());
      }
      tabs.forEach(tab -> assertThat(tab.task("Call Ada")).isVisible());
      page.page().waitForTimeout((LIFE + 1) * 1000.0);
      long refreshes = web.refreshesAtKeycloak();

      // all in one moment: the first tab tells the others
      page.page()
          .evaluate(
              """
              () => {
                const channel = new BroadcastChannel('rowlock');
                channel.postMessage('tasks');
                channel.close();
              }""");
      page.wake();
      tabs.forEach(tab -> tab.page().waitForTimeout(300));
      tabs.forEach(tab -> assertThat(tab.task("Call Ada")).isVisible());

      assertThat(web.refreshesAtKeycloak() - refreshes).isEqualTo(1);
      assertThat(page.problems()).isEmpty();
    } finally {
      web.accessTokensLive(0);
    }
  }

  @Test
  void whatIsDoneInOneTabIsSeenInTheOther() {
    try (TasksPage page = TasksPage.open(web)) {
      page.register();
      TasksPage other = page.tab();
      assertThat(other.page().getByText("Nothing left to do")).isVisible();
      page.add("Call Ada");
      assertThat(other.task("Call Ada")).isVisible();
      other.task("Call Ada").check();
      assertThat(page.task("Call Ada")).hasCount(0);
      assertThat(page.problems()).isEmpty();
    }
  }

  @Test
  void signingOutInOneTabIsSigningOutInAll() {
    try (TasksPage page = TasksPage.open(web)) {
      page.register().add("Call Ada");
      TasksPage other = page.tab();
      other.newTask().fill("Half a thought");
      page.signOut();
      page.why("You are signed out.");
      other.why("You are signed out.");
      assertThat(other.page().locator("body")).not().containsText("Call Ada");
      assertThat(other.page().evaluate("sessionStorage.length")).isEqualTo(0);
      assertThat(page.problems()).isEmpty();
    }
  }

  @Test
  void whenSomebodyElseSignsInInAnotherTab_thenNothingOfTheFirstPersonStays() {
    Visitor next = web.visitor().registered();
    try (TasksPage page = TasksPage.open(web)) {
      page.register().add("Ada's task");
      page.newTask().fill("Ada's secret");
      // without a word to the first tab, as when the page was loaded before it could listen
      var other = page.window().context().newPage();
      page.window().context().clearCookies();
      other.navigate(web.address() + "/login");
      other.locator("#username").fill(next.email());
      other.locator("#password").fill(Visitor.PASSWORD);
      other.locator("#kc-login").click();
      other.getByLabel("New task").waitFor();

      page.wake();
      assertThat(page.page().locator("body")).not().containsText("Ada's task");
      assertThat(page.newTask()).hasValue("");
      assertThat((String) page.page().evaluate("JSON.stringify(sessionStorage)"))
          .doesNotContain("secret");
      page.add("Their own task");
      assertThat(page.problems()).isEmpty();
    }
  }
}
