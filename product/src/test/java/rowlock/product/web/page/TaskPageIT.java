/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.web.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import com.microsoft.playwright.Browser.NewContextOptions;
import java.util.List;
import org.junit.jupiter.api.Test;
import rowlock.product.web.TestWeb;

/** Working with tasks in a real browser. */
class TaskPageIT {
  private final TestWeb web = TestWeb.shared();

  @Test
  void register_addAndCompleteATask() {
    try (var page = TasksPage.open(web)) {
      page.register();
      page.add("Oil the oarlocks").add("Call Ada");
      assertThat(page.titles()).containsExactly("Call Ada", "Oil the oarlocks");

      page.task("Call Ada").check();
      assertThat(page.task("Call Ada")).hasCount(0);
      page.show("Done");
      assertThat(page.task("Call Ada")).isChecked();
      page.show("All");
      assertThat(page.page().locator("[data-task]")).hasCount(2);

      page.page().reload();
      assertThat(page.task("Oil the oarlocks")).not().isChecked();
      assertThat(page.page()).hasURL(web.address() + "/?show=all");
      assertThat(page.problems()).isEmpty();
    }
  }

  @Test
  void edit_inPlace_isSaved() {
    try (var page = TasksPage.open(web)) {
      page.register().add("Call Ada");
      var title = page.edit("Call Ada");
      assertThat(title).isFocused();
      title.fill("Call Ada about the regatta");
      page.page().getByLabel("Note").fill("Before Friday");
      page.awaitResponse("PUT", () -> title.press("Enter"));

      assertThat(page.button("Edit: Call Ada about the regatta")).isFocused();
      page.page().reload();
      assertThat(page.page().getByText("Before Friday")).isVisible();

      page.edit("Call Ada about the regatta").fill("Something else");
      page.page().keyboard().press("Escape");
      assertThat(page.titles()).containsExactly("Call Ada about the regatta");
      assertThat(page.problems()).isEmpty();
    }
  }

  @Test
  void delete_isUndoneOrSent() {
    try (var page = TasksPage.open(web)) {
      page.register().add("Keep").add("Lose");
      page.delete("Keep");
      assertThat(page.task("Keep")).hasCount(0);
      page.button("Undo").click();
      assertThat(page.task("Keep")).isFocused();

      page.delete("Lose");
      page.awaitResponse("DELETE", () -> page.button("Close notice").click());
      var other = page.tab();
      assertThat(other.task("Keep")).isVisible();
      assertThat(other.task("Lose")).hasCount(0);
      assertThat(page.problems()).isEmpty();
    }
  }

  @Test
  void deleteKey_held_deletesOneTask() {
    try (var page = TasksPage.open(web)) {
      page.register().add("Keep 1").add("Keep 2").add("Lose");
      page.task("Lose").focus();
      for (var i = 0; i < 6; i++) {
        page.page().keyboard().down("Delete"); // repeated events without keyup, as of a held key
      }
      page.page().keyboard().up("Delete");
      assertThat(page.notice("Deleted: Lose")).isVisible();
      assertThat(page.page().locator("[data-task]")).hasCount(2);
      assertThat(page.problems()).isEmpty();
    }
  }

  @Test
  void manyDeletions_haveOneUndo() {
    try (var page = TasksPage.open(web)) {
      page.register();
      for (var i = 1; i <= 5; i++) {
        page.add("Task " + i);
      }
      page.task("Task 5").focus();
      for (var i = 0; i < 5; i++) {
        page.page().keyboard().press("Delete");
      }
      assertThat(page.notice("5 tasks deleted")).isVisible();
      assertThat(page.page().locator(".notice")).hasCount(1);
      assertThat(page.page().locator("[data-task]")).hasCount(0);
      assertThat(savedTasks(page)).isEqualTo(5);
      page.button("Undo").click();
      assertThat(page.page().locator("[data-task]")).hasCount(5);

      page.delete("Task 1");
      page.delete("Task 2");
      page.button("Close notice").click();
      page.page().waitForCondition(() -> savedTasks(page) == 3);
      assertThat(page.problems()).isEmpty();
    }
  }

  @Test
  void deleteKey_whileEditing_deletesNothing() {
    try (var page = TasksPage.open(web)) {
      page.register().add("Call Ada");
      page.edit("Call Ada").fill("Call Ada, who has");
      page.button("Save").focus();
      page.page().keyboard().press("Delete");
      assertThat(page.page().getByLabel("Title")).hasValue("Call Ada, who has");
      assertThat(page.page().locator(".notice")).hasCount(0);
      assertThat(page.problems()).isEmpty();
    }
  }

  private int savedTasks(TasksPage page) {
    var tasks = page.page().request().get(web.address() + "/api/me/tasks").text();
    return JsonParser.parseString(tasks).getAsJsonObject().getAsJsonArray("items").size();
  }

  @Test
  void leavingThePage_sendsPendingDeletions() {
    try (var page = TasksPage.open(web)) {
      page.register().add("Keep").add("Lose");
      page.delete("Lose");
      assertThat(page.notice("Deleted: Lose")).isVisible();
      page.page().navigate("about:blank");
      // the request outlives its page, so the driver does not see the response
      page.page().waitForCondition(() -> savedTasks(page) == 1);
      page.page().navigate(web.address() + "/");
      assertThat(page.task("Keep")).isVisible();
      assertThat(page.task("Lose")).hasCount(0);
    }
  }

  @Test
  void editInTwoTabs_userChoosesTheVersion() {
    try (var page = TasksPage.open(web)) {
      page.register().add("Call Ada");
      var other = page.tab();
      page.edit("Call Ada").fill("Call Ada on Monday");
      var title = other.edit("Call Ada");
      title.fill("Call Ada on Tuesday");
      other.awaitResponse("PUT", () -> title.press("Enter"));
      assertThat(other.task("Call Ada on Tuesday")).isVisible();

      page.page().getByLabel("Title").press("Enter");
      assertThat(page.page().locator(".conflict")).isFocused();
      assertThat(page.page().locator(".conflict")).containsText("This task was changed elsewhere");
      assertThat(page.page().locator(".versions")).containsText("Call Ada on Monday");
      assertThat(page.page().locator(".versions")).containsText("Call Ada on Tuesday");
      page.button("Keep mine").click();
      assertThat(page.task("Call Ada on Monday")).isVisible();
      assertThat(other.task("Call Ada on Monday")).isVisible();
      // the browser logs the status of the response
      assertThat(page.problems("status of 412")).isEmpty();
    }
  }

  @Test
  void editOfADeletedTask_canBeAddedAgain() {
    try (var page = TasksPage.open(web)) {
      page.register().add("Call Ada");
      page.edit("Call Ada").fill("Call Ada on Monday");
      var other = page.tab();
      other.delete("Call Ada");
      // the task disappears at once; the deletion is sent when the undo is no longer offered
      other.awaitResponse("DELETE", () -> other.button("Close notice").click());
      assertThat(other.page().getByText("All done")).isVisible();

      page.page().getByLabel("Title").press("Enter");
      page.button("Add it again").click();
      assertThat(page.task("Call Ada on Monday")).isVisible();
      assertThat(page.problems("status of 404")).isEmpty();
    }
  }

  @Test
  void longList_isSearchedAndLoadedInPages() {
    try (var page = TasksPage.open(web)) {
      page.register();
      page.page()
          .evaluate(
              """
              async () => {
                const session = await (await fetch('/session')).json();
                for (let i = 0; i < 60; i++) {
                  await fetch('/api/me/tasks', {
                    method: 'POST',
                    headers: {'Content-Type': 'application/json', 'X-CSRF-Token': session.csrf},
                    body: JSON.stringify({title: i % 20 ? `Row ${i} miles` : `Grease lock ${i}`})});
                }
              }""");
      page.page().reload();
      assertThat(page.page().locator("[data-task]")).hasCount(50);
      page.button("Show more").click();
      assertThat(page.page().locator("[data-task]")).hasCount(60);
      assertThat(page.task("Row 9 miles")).isFocused();

      page.search("LOCK");
      assertThat(page.page().locator("[data-task]")).hasCount(3);
      assertThat(page.page()).hasURL(web.address() + "/?q=LOCK");
      page.search("no such thing");
      assertThat(page.page().getByText("Nothing found")).isVisible();
      page.page().getByLabel("Search tasks").press("Escape");
      assertThat(page.page().locator("[data-task]")).hasCount(50);
      assertThat(page.problems()).isEmpty();
    }
  }

  @Test
  void keyboard_worksWithoutPointer() {
    try (var page = TasksPage.open(web)) {
      page.register();
      var keys = page.page().keyboard();
      page.page().locator("h1").click();
      keys.press("n");
      keys.type("Call Ada");
      keys.press("Enter");
      assertThat(page.task("Call Ada")).isVisible();
      keys.type("Oil the oarlocks");
      keys.press("Enter");
      assertThat(page.task("Oil the oarlocks")).isVisible();

      for (var i = 0; i < 6; i++) { // add button, three filters, search, first task
        keys.press("Tab");
      }
      assertThat(page.task("Oil the oarlocks")).isFocused();
      keys.press("ArrowDown");
      assertThat(page.task("Call Ada")).isFocused();
      keys.press("Delete");
      assertThat(page.task("Oil the oarlocks")).isFocused();
      keys.press("u");
      assertThat(page.task("Call Ada")).isFocused();
      keys.press("e");
      keys.press("ControlOrMeta+a");
      keys.type("Write to Ada");
      keys.press("Enter");
      assertThat(page.button("Edit: Write to Ada")).isFocused();
      keys.press("ArrowUp");
      assertThat(page.button("Edit: Oil the oarlocks")).isFocused();
      keys.press("3");
      assertThat(page.button("All")).hasAttribute("aria-pressed", "true");
      keys.press("?");
      assertThat(page.page().locator("dialog.keys")).isVisible();
      keys.press("Escape");
      assertThat(page.page().locator("dialog.keys")).hasCount(0);
      assertThat(page.problems()).isEmpty();
    }
  }

  @Test
  void letterShortcuts_canBeTurnedOff() {
    try (var page = TasksPage.open(web)) {
      page.register();
      page.button("Keyboard shortcuts").click();
      page.page().getByLabel("Single-letter shortcuts").uncheck();
      page.page().keyboard().press("Escape");
      page.page().locator("h1").click();
      page.page().keyboard().press("n");
      assertThat(page.newTask()).not().isFocused();
    }
  }

  @Test
  void language_isThatOfTheBrowserOrTheChosenOne() {
    try (var page = TasksPage.open(web, new NewContextOptions().setLocale("de-AT"))) {
      assertThat(page.link("Konto anlegen")).isVisible();
      assertThat(page.page().locator("html")).hasAttribute("lang", "de");
      page.button("English").click();
      page.page().reload();
      page.register();
      page.button("Deutsch").click();
      assertThat(page.page().getByLabel("Neue Aufgabe")).isVisible();
      assertThat(page.page()).hasTitle("Aufgaben · Rowlock");
      assertThat(page.problems()).isEmpty();
    }
  }

  @Test
  void languages_haveTheSameKeys() {
    try (var page = TasksPage.open(web)) {
      var differing =
          page.page()
              .evaluate(
                  """
                  async () => {
                    const place = document.querySelector('script[type=module]').src;
                    const names = (words, path) => Object.entries(words).flatMap(([key, word]) =>
                        typeof word === 'object' ? names(word, path + key + '.') : [path + key + ':' + typeof word]);
                    const { en } = await import(new URL('language/en.js', place));
                    const { de } = await import(new URL('language/de.js', place));
                    const all = [names(en, ''), names(de, '')];
                    return [...new Set(all.flat())].filter(name => !all.every(one => one.includes(name)));
                  }""");
      assertThat((List<?>) differing).isEmpty();
    }
  }

  @Test
  void markupInATitle_isShownAsText() {
    try (var page = TasksPage.open(web)) {
      var title = "<img src=x onerror=document.title='gone'> & <b>bold</b>";
      page.register();
      page.newTask().fill(title);
      page.newTask().press("Enter");
      assertThat(page.page().locator("[data-task]")).hasCount(1);
      assertThat(page.titles()).isEqualTo(List.of(title));
      assertThat(page.page()).hasTitle("Tasks · Rowlock");
      assertThat(page.problems()).isEmpty();
    }
  }
}
