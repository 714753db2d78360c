/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment.docs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Finds words and openings in comments, strings and documents that have a standard term. */
final class Prose {
  /** Words that are not used, each with the terms that are. */
  private static final Map<Pattern, String> WORDS = new LinkedHashMap<>();

  static {
    word("away", "unavailable, unreachable or down");
    word("nobody(?:'s)?", "no user, no client or foreign");
    word("somebody(?:'s)?", "a user");
    word("whoever", "the user, the client or the caller who");
    word("told", "notified, reported or configured");
    word("anew", "again");
    word("for good", "permanently");
    word("all the same", "nevertheless");
    word("nothing twice", "idempotent, applied once or no duplicate");
    word("cannot be meant", "invalid");
  }

  /**
   * Phrases in which such a word is right: ordinary English, the Unix user {@code nobody}, and a
   * test of the page's texts.
   */
  private static final List<String> ALLOWED =
      List.of("right away", "\"nobody\"", "the user nobody", "#NOBODY", "\"for good\"");

  private static final Pattern QUESTION =
      Pattern.compile("/\\*\\*\\s+(?:\\*\\s+)?(What|Who|Whose|How|Where|When|Why)\\b");
  private static final Pattern CODE_IN_MARKDOWN = Pattern.compile("```[\\s\\S]*?```|`[^`\\n]*`");

  // possessive, because alternatives in a loop would otherwise exhaust the stack
  private static final Pattern TEXT_IN_CODE =
      Pattern.compile(
          "\"\"\"[\\s\\S]*?\"\"\""
              + "|\"(?:[^\"\\\\\\n]++|\\\\.)*+\""
              + "|'(?:[^'\\\\\\n]++|\\\\.)*+'"
              + "|`(?:[^`\\\\]++|\\\\[\\s\\S])*+`"
              + "|//[^\\n]*"
              + "|/\\*[\\s\\S]*?\\*/");
  private static final Set<String> CODE = Set.of("java", "js");

  private Prose() {}

  private static void word(String expression, String instead) {
    // the words of a phrase may be on two lines of a comment; "throw-away" is the id of a validator
    var anywhere = expression.replace(" ", "\\s+(?:(?:\\*|//|--|#)\\s+)?");
    WORDS.put(
        Pattern.compile("(?<![\\w-])" + anywhere + "(?![\\w-])", Pattern.CASE_INSENSITIVE),
        instead);
  }

  /**
   * Returns the findings in a file, each with its line and the terms to use.
   *
   * @param ending the ending of the file's name: it decides which parts of the file are text
   */
  static List<String> findings(String ending, String source) {
    var text = text(ending, source);
    List<String> findings = new ArrayList<>();
    WORDS.forEach(
        (word, instead) -> {
          var found = word.matcher(text);
          while (found.find()) {
            if (ALLOWED.stream().noneMatch(phrase -> isPartOf(phrase, text, found.start()))) {
              findings.add(
                  "%d: \"%s\": say %s"
                      .formatted(line(text, found.start()), found.group(), instead));
            }
          }
        });
    var question = QUESTION.matcher(text);
    while (question.find()) {
      findings.add(
          "%d: Javadoc begins with \"%s\": say what it returns, does or rejects"
              .formatted(line(text, question.start(1)), question.group(1)));
    }
    return findings;
  }

  /** Returns the number of the line of a position. */
  static int line(String source, int position) {
    return (int) source.substring(0, position).chars().filter(c -> c == '\n').count() + 1;
  }

  private static boolean isPartOf(String phrase, String text, int position) {
    var start = text.lastIndexOf(phrase, position);
    return start >= 0 && position < start + phrase.length();
  }

  /** Returns the source with blanks instead of all that is not text, so that positions stay. */
  private static String text(String ending, String source) {
    if (CODE.contains(ending)) {
      var texts = new StringBuilder(blank(source));
      var found = TEXT_IN_CODE.matcher(source);
      while (found.find()) {
        texts.replace(found.start(), found.end(), found.group());
      }
      return texts.toString();
    }
    return ending.equals("md")
        ? CODE_IN_MARKDOWN.matcher(source).replaceAll(code -> blank(code.group()))
        : source;
  }

  private static String blank(String source) {
    return source.replaceAll("[^\\n]", " ");
  }
}
