/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import rowlock.product.web.TestWeb;

/** Size and speed of the page. The limits are generous, because test machines are busy. */
class SpeedIT {
  // including headers
  private static final int BYTES = 80_000;
  // until the tasks are shown: the first paint contains the top bar only
  private static final int FIRST_MILLIS = 5_000;
  private static final int NEXT_MILLIS = 3_000;
  private static final int CHANGE_MILLIS = 500;
  private static final int FILTER_MILLIS = 2_000;

  private final TestWeb web = TestWeb.shared();

  @Test
  void firstAndNextVisit_areSmallAndFast() {
    try (var page = TasksPage.open(web)) {
      page.register().add("Call Ada");
      page.window().context().newCDPSession(page.page()).send("Network.clearBrowserCache");
      page.page().reload();
      page.task("Call Ada").waitFor();
      Map<?, ?> cold = measureVisit(page);
      page.page().reload();
      page.task("Call Ada").waitFor();
      Map<?, ?> warm = measureVisit(page);
      System.out.println("Page, first visit: " + cold);
      System.out.println("Page, next visit: " + warm);

      assertThat(number(cold.get("bytes"))).isLessThan(BYTES);
      // page, session and tasks; the rest is cached
      assertThat(number(warm.get("requests"))).isLessThanOrEqualTo(3);
      assertThat(number(cold.get("tasksThere"))).isLessThan(FIRST_MILLIS);
      assertThat(number(warm.get("tasksThere"))).isLessThan(NEXT_MILLIS);
      assertThat(page.problems()).isEmpty();
    }
  }

  @Test
  void changes_areShownBeforeTheResponse() {
    try (var page = TasksPage.open(web)) {
      page.register();
      for (var i = 1; i <= 40; i++) {
        page.add("Task " + i);
      }
      List<Route> waiting = new ArrayList<>();
      page.page().route("**/api/**", waiting::add);
      page.newTask().fill("Oil the oarlocks");
      Map<String, Double> millis = new LinkedHashMap<>();
      millis.put("add", measureClick(page, "form.add button", ".unsaved .title"));
      millis.put("tick", measureClick(page, "[data-task] .tick", "[data-task].done"));
      millis.put("open", measureClick(page, "[data-task]:nth-child(3) .edit", "input[name=title]"));
      page.page().locator("input[name=title]").fill("Another title");
      millis.put(
          "save", measureClick(page, ".editing .primary", "[data-task][aria-busy=true] .edit"));
      millis.put("delete", measureClick(page, "[data-task]:nth-child(5) .remove", ".notice"));
      assertThat(page.titles()).contains("Oil the oarlocks", "Another title").hasSize(40);
      assertThat(waiting).isNotEmpty(); // no request has been answered
      page.page().unroute("**/api/**");
      waiting.forEach(Route::resume);
      page.awaitSaved();
      var filter = measureClick(page, "[data-show=done]", ".tasks > .done:only-child");
      System.out.println("Seen after (ms): " + millis + ", filter " + filter);

      assertThat(millis.values()).allMatch(seen -> seen < CHANGE_MILLIS);
      assertThat(filter).isLessThan(FILTER_MILLIS);
      assertThat(page.problems()).isEmpty();
    }
  }

  /** Returns the milliseconds from a click to the frame that shows its effect. */
  private static double measureClick(TasksPage page, String click, String effect) {
    return number(
        page.page()
            .evaluate(
                """
                async ([click, effect]) => {
                  const since = performance.now();
                  document.querySelector(click).click();
                  do {
                    await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
                  } while (!document.querySelector(effect) && performance.now() - since < 10000);
                  return Math.round(performance.now() - since);
                }""",
                List.of(click, effect)));
  }

  private static Map<?, ?> measureVisit(TasksPage page) {
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
                    tasksThere: Math.round(performance.now()),
                  };
                }""");
  }

  private static double number(Object value) {
    return ((Number) value).doubleValue();
  }
}
