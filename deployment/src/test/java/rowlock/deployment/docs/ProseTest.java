/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The documents use standard terms. Each finding names the file, the line and the term to use
 * instead.
 */
class ProseTest {

  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  /** Words that are not used, each with the terms that are. */
  private static final Map<String, String> WORDS = new LinkedHashMap<>();

  static {
    WORDS.put("away", "unavailable, unreachable or down");
    WORDS.put("nobody", "no user, no client or foreign");
    WORDS.put("somebody", "a user");
    WORDS.put("whoever", "the user, the client or the caller who");
    WORDS.put("told", "notified, reported or configured");
    WORDS.put("anew", "again");
    WORDS.put("for good", "permanently");
    WORDS.put("all the same", "nevertheless");
  }

  // "throw-away": the id of a validator
  private static final String NOT_IN_A_NAME = "(?<![\\w-])%s(?![\\w-])";
  private static final Pattern CODE = Pattern.compile("```[\\s\\S]*?```|`[^`\\n]*`");

  @Test
  void documents_words_areStandardTerms() throws IOException {
    List<String> findings = new ArrayList<>();
    for (Path document : documents()) {
      for (String finding : findings(Files.readString(document))) {
        findings.add(ROOT.relativize(document) + ":" + finding);
      }
    }
    assertThat(findings).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "The server is away., 1",
    "Keys are made Anew., 1",
    "It is gone for  good., 1",
    "Nobody was told., 2",
    "The option `away` is one., 0",
    "The validator not-throw-away-mail., 0",
    "The server is unavailable., 0"
  })
  void findings_document_areCounted(String document, int count) {
    assertThat(findings(document)).hasSize(count);
  }

  private static List<String> findings(String document) {
    // blanks instead of code, so that positions stay the same
    String prose =
        CODE.matcher(document).replaceAll(code -> code.group().replaceAll("[^\\n]", " "));
    List<String> findings = new ArrayList<>();
    WORDS.forEach(
        (word, instead) -> {
          Matcher found =
              Pattern.compile(
                      NOT_IN_A_NAME.formatted(word.replace(" ", "\\s+")), Pattern.CASE_INSENSITIVE)
                  .matcher(prose);
          while (found.find()) {
            findings.add("%d: say %s".formatted(line(prose, found.start()), instead));
          }
        });
    return findings;
  }

  private static int line(String text, int position) {
    return (int) text.substring(0, position).chars().filter(c -> c == '\n').count() + 1;
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> all = Files.walk(ROOT)) {
      return all.filter(file -> file.toString().endsWith(".md"))
          .filter(file -> !ROOT.relativize(file).toString().matches("(.*/)?(\\.\\w+|target)/.*"))
          .sorted()
          .toList();
    }
  }
}
