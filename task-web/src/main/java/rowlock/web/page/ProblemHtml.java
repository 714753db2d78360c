/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.page;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import rowlock.problem.HttpProblem;
import rowlock.problem.Problem;
import rowlock.web.problem.ProblemPage;
import rowlock.web.problem.WebProblem;

/** Fills {@code problem.html} with fixed texts; no part of a request is repeated. */
@Component
final class ProblemHtml implements ProblemPage {
  private static final Texts ENGLISH =
      new Texts(
          "en",
          "You are not signed in.",
          "This page does not exist.",
          "Too many requests from your network have failed. Wait a minute, then continue.",
          "The service is unavailable at the moment. Try again in a minute.",
          "Something went wrong.",
          "Go to the tasks");

  private static final Texts GERMAN =
      new Texts(
          "de",
          "Sie sind nicht angemeldet.",
          "Diese Seite gibt es nicht.",
          "Aus Ihrem Netz sind zu viele Anfragen fehlgeschlagen. Warten Sie eine Minute und fahren"
              + " Sie dann fort.",
          "Der Dienst ist zurzeit nicht verfügbar. Versuchen Sie es in einer Minute erneut.",
          "Etwas ist schiefgegangen.",
          "Zu den Aufgaben");

  private final PageFiles files;

  ProblemHtml(PageFiles files) {
    this.files = files;
  }

  /**
   * Texts in one language.
   *
   * @param tag language tag
   * @param onward name of the link to the page
   */
  private record Texts(
      String tag,
      String signedOut,
      String notFound,
      String tooMany,
      String unavailable,
      String failed,
      String onward) {

    String of(Problem type) {
      return switch (type) {
        case WebProblem.SIGN_IN_REQUIRED -> signedOut;
        case HttpProblem.NOT_FOUND, HttpProblem.METHOD_NOT_ALLOWED -> notFound;
        case HttpProblem.TOO_MANY_REQUESTS -> tooMany;
        case HttpProblem.SERVICE_UNAVAILABLE, WebProblem.API_UNREACHABLE, WebProblem.API_TIMEOUT ->
            unavailable;
        default -> failed;
      };
    }
  }

  @Override
  public byte @Nullable [] of(Problem type, Locale language) {
    var html = files.problem();
    if (html == null) {
      return null;
    }
    var texts = language.getLanguage().equals(GERMAN.tag()) ? GERMAN : ENGLISH;
    return html.replace("{{language}}", texts.tag())
        .replace("{{text}}", texts.of(type))
        .replace("{{onward}}", texts.onward())
        .getBytes(StandardCharsets.UTF_8);
  }
}
