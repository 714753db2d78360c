/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rowlock.problem.Problem;
import rowlock.web.problem.WebProblem;
import rowlock.web.settings.PageSettings;

/** Each error page has a text in the user's language and one link. */
class ProblemHtmlTest {
  private final ProblemHtml pages = new ProblemHtml(new PageFiles(new PageSettings(null)));

  static List<Problem> problems() {
    return WebProblem.catalogue().problems();
  }

  @ParameterizedTest
  @MethodSource("problems")
  void of_everyProblem_hasOneLink(Problem type) {
    for (var language : new Locale[] {Locale.ENGLISH, Locale.GERMANY, Locale.FRENCH}) {
      var html =
          new String(Objects.requireNonNull(pages.of(type, language)), StandardCharsets.UTF_8);
      var german = language.equals(Locale.GERMANY);
      assertThat(html)
          .contains("<html lang=\"" + (german ? "de" : "en") + "\">")
          .contains("href=\"/\">" + (german ? "Zu den Aufgaben" : "Go to the tasks"))
          .doesNotContain("{{");
      assertThat(html.split("<a ", -1)).hasSize(2);
    }
  }
}
