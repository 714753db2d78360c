/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Page.ScreenshotOptions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import com.microsoft.playwright.options.ScreenshotCaret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import rowlock.product.web.TestWeb;

/**
 * Takes the screenshots of the README and checks their size. With the system property {@code
 * rowlock.screenshots} it also writes them into that folder; a relative path starts at the root of
 * the repository.
 */
class ScreenshotsIT {
  private static final int WIDTH = 1200;
  private static final int HEIGHT = 800;
  private static final int MAX_BYTES = 120_000;

  private final TestWeb web = TestWeb.shared();

  @Test
  void loginPage_isShownInEnglish() throws IOException {
    try (var tasks = TasksPage.open(web, options())) {
      tasks.link("Sign in").click();
      tasks.page().locator("#username").waitFor();
      assertThat(tasks.page().locator("html").getAttribute("lang")).isEqualTo("en");
      save(tasks, "login.png");
    }
  }

  @Test
  void taskPage_showsThreeTasks() throws IOException {
    try (var tasks = TasksPage.open(web, options())) {
      tasks
          .register()
          .add("Water the plants")
          .add("Pay the electricity bill")
          .add("Book train tickets to Hamburg");
      tasks.awaitSaved();
      assertThat(tasks.titles())
          .containsExactlyInAnyOrder(
              "Water the plants", "Pay the electricity bill", "Book train tickets to Hamburg");
      save(tasks, "tasks.png");
    }
  }

  private static NewContextOptions options() {
    return new NewContextOptions()
        .setLocale("en")
        .setColorScheme(ColorScheme.LIGHT)
        .setReducedMotion(ReducedMotion.REDUCE)
        .setViewportSize(WIDTH, HEIGHT);
  }

  private static void save(TasksPage tasks, String name) throws IOException {
    var page = tasks.page();
    page.waitForLoadState();
    // hiding the caret would add a style, which the page's policy forbids
    var png = page.screenshot(new ScreenshotOptions().setCaret(ScreenshotCaret.INITIAL));
    var image = ImageIO.read(new ByteArrayInputStream(png));
    assertThat(image.getWidth()).isEqualTo(WIDTH);
    assertThat(image.getHeight()).isEqualTo(HEIGHT);
    assertThat(png).hasSizeLessThan(MAX_BYTES);
    assertThat(tasks.problems()).isEmpty();
    var folder = System.getProperty("rowlock.screenshots", "");
    if (!folder.isEmpty()) {
      var target = Files.createDirectories(Path.of("..").resolve(folder));
      Files.write(target.resolve(name), png);
    }
  }
}
