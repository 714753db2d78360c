/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import rowlock.web.TestWeb;

/** How much the page weighs and how soon it is there. The limits are wide: machines are busy. */
class SpeedIT {

  // with headers
  private static final int BYTES = 80_000;
  private static final int MILLIS = 5_000;

  private final TestWeb web = TestWeb.shared();

  @Test
  void thePageIsLightAndSoonThere() {
    try (TasksPage page = TasksPage.open(web)) {
      page.register().add("Call Ada");
      page.window().context().newCDPSession(page.page()).send("Network.clearBrowserCache");
      page.page().reload();
      page.task("Call Ada").waitFor();
      Map<?, ?> cold = measure(page);
      page.page().reload();
      page.task("Call Ada").waitFor();
      Map<?, ?> warm = measure(page);
      page.newTask().fill("Oil the oarlocks");
      double seen =
          number(
              page.page()
                  .evaluate(
                      """
                      async () => {
                        const since = performance.now();
                        document.querySelector('form.add').requestSubmit();
                        await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
                        const there = [...document.querySelectorAll('.tasks .title')]
                            .some(title => title.textContent === 'Oil the oarlocks');
                        return there ? performance.now() - since : Infinity;
                      }"""));
      System.out.println("Page, first visit: " + cold);
      System.out.println("Page, next visit: " + warm);
      System.out.println("A new task is seen after " + Math.round(seen) + " ms");

      assertThat(number(cold.get("bytes"))).isLessThan(BYTES);
      // no more than the page itself, the session and the tasks: the rest is kept
      assertThat(number(warm.get("requests"))).isLessThanOrEqualTo(3);
      assertThat(number(cold.get("firstPaint"))).isLessThan(MILLIS);
      assertThat(number(warm.get("firstPaint"))).isLessThan(MILLIS);
      assertThat(seen).isLessThan(1_000);
      assertThat(page.problems()).isEmpty();
    }
  }

  private static Map<?, ?> measure(TasksPage page) {
    return (Map<?, ?>)
        page.page()
            .evaluate(
                """
                () => {
                  const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
                  const asked = all.filter(entry => entry.transferSize > 0);
                  return {
                    requests: asked.length,
                    bytes: asked.reduce((sum, entry) => sum + entry.transferSize, 0),
                    firstPaint: Math.round(performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Infinity),
                    tasksThere: Math.round(performance.now()),
                  };
                }""");
  }

  private static double number(Object value) {
    return ((Number) value).doubleValue();
  }
}
