/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.web.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.options.Proxy;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import rowlock.product.web.TestWeb;

/** Two nodes of task-web behind one address. */
@Tag("thorough")
class NodesIT {

  private final TestWeb web = TestWeb.shared();

  @Test
  void whenOneOfTwoNodesIsKilledDuringWork_thenWorkGoesOn() {
    try (NodeProcess second = NodeProcess.start(web);
        Crossroads crossroads =
            Crossroads.of(web.address(), List.of(web.address(), second.address()));
        TasksPage page = TasksPage.open(web, through(crossroads))) {
      page.register().add("On both");
      page.add("And again").awaitResponse("PATCH", () -> page.task("On both").check());
      assertThat(crossroads.servedBy(0)).isPositive();
      assertThat(crossroads.servedBy(1)).isPositive();

      second.kill();
      int before = crossroads.servedBy(0);
      page.add("On one").add("Still on one");
      page.page().reload();
      assertThat(page.task("Still on one")).isVisible();
      assertThat(page.task("And again")).isVisible();
      assertThat(crossroads.servedBy(0)).isGreaterThan(before);

      page.signOut();
      page.why("You are signed out.");
      assertThat(page.problems()).isEmpty();
    }
  }

  private static NewContextOptions through(Crossroads crossroads) {
    return new NewContextOptions()
        // this machine's own names too
        .setProxy(new Proxy(crossroads.proxy()).setBypass("<-loopback>"));
  }
}
