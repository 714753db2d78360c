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

/** Failure of one of two nodes of task-web with the same public URL. */
@Tag("thorough")
class NodeFailoverIT {
  private final TestWeb web = TestWeb.shared();

  @Test
  void killedNode_workContinuesOnTheOther() {
    try (var second = NodeProcess.start(web);
        var proxy = RoundRobinProxy.of(web.address(), List.of(web.address(), second.address()));
        var page = TasksPage.open(web, through(proxy))) {
      page.register().add("On both");
      page.add("And again").awaitResponse("PATCH", () -> page.task("On both").check());
      assertThat(proxy.servedBy(0)).isPositive();
      assertThat(proxy.servedBy(1)).isPositive();

      second.kill();
      var before = proxy.servedBy(0);
      page.add("On one").add("Still on one");
      page.page().reload();
      assertThat(page.task("Still on one")).isVisible();
      assertThat(page.task("And again")).isVisible();
      assertThat(proxy.servedBy(0)).isGreaterThan(before);

      page.signOut();
      page.awaitReason("You are signed out.");
      assertThat(page.problems()).isEmpty();
    }
  }

  private static NewContextOptions through(RoundRobinProxy proxy) {
    return new NewContextOptions()
        // also for loopback addresses
        .setProxy(new Proxy(proxy.proxy()).setBypass("<-loopback>"));
  }
}
