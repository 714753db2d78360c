/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Comments, messages and documents use standard terms, and names of tests are short. Each finding
 * names the file, the line and the term to use instead.
 */
class ProseTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final int MAX_TEST_NAME = 60;

  /** Migrations that databases have applied: a change of their text is a change of the checksum. */
  private static final Set<String> APPLIED_MIGRATIONS =
      Set.of(
          "resource-server/src/main/resources/db/rowlock/V001__engine.sql",
          "task-web/src/main/resources/db/web/V001__sessions.sql",
          "task-web/src/main/resources/db/web/V002__endings.sql",
          "task-web/src/main/resources/db/web/V003__checks.sql");

  private static final Set<String> ENDINGS =
      Set.of(
          "css", "ftl", "html", "java", "js", "md", "properties", "sh", "sql", "yaml", "yml", "");
  private static final Pattern NO_SOURCE =
      Pattern.compile("(?:.*/)?(?:\\.(?!ci/)[\\w-]+|target|node_modules)(?:/.*)?");
  private static final Pattern TEST_METHOD =
      Pattern.compile(
          "@(?:Test|ParameterizedTest|RepeatedTest)\\b[\\s\\S]*?\\bvoid\\s+(\\w+)\\s*\\(");

  @Test
  void repository_words_areStandardTerms() throws IOException {
    List<String> findings = new ArrayList<>();
    for (var file : files()) {
      for (var finding : Prose.findings(ending(file), Files.readString(file))) {
        findings.add(path(file) + ":" + finding);
      }
    }
    assertThat(findings).isEmpty();
  }

  @Test
  void repository_namesOfTests_areShort() throws IOException {
    List<String> findings = new ArrayList<>();
    for (var file : files()) {
      if (!ending(file).equals("java") || !path(file).contains("/src/test/")) {
        continue;
      }
      var source = Files.readString(file);
      var test = TEST_METHOD.matcher(source);
      while (test.find()) {
        if (test.group(1).length() > MAX_TEST_NAME) {
          findings.add(
              "%s:%d: %s has more than %d characters"
                  .formatted(
                      path(file), Prose.line(source, test.start(1)), test.group(1), MAX_TEST_NAME));
        }
      }
    }
    assertThat(findings).isEmpty();
  }

  @Test
  void appliedMigrations_exist() {
    assertThat(APPLIED_MIGRATIONS).allMatch(file -> Files.isRegularFile(ROOT.resolve(file)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          java       | // the server is away           | 1
          java       | log.warn("Nobody was told");    | 2
          java       | boolean away = true;            | 0
          java       | // start right away             | 0
          java       | run("-u", "nobody")             | 0
          java       | /** What it returns. */         | 1
          java       | /** Returns what it read. */    | 0
          js         | say('all the same')             | 1
          js         | say(`a \\` all the same`)       | 1
          md         | The server is away.             | 1
          md         | Keys are made Anew.             | 1
          md         | The option `away` is one.       | 0
          md         | The validator not-throw-away-it | 0
          md         | The server is unavailable.      | 0
          properties | gone=It is gone for  good       | 1
          sql        | -- told by the issuer           | 1
          yaml       | # told by the issuer            | 1
          """)
  void findings_text_areCounted(String ending, String source, int count) {
    assertThat(Prose.findings(ending, source)).hasSize(count);
  }

  @Test
  void findings_phraseOnTwoLines_isFound() {
    var comment = "/**\n * Ends it for\n * good.\n */";
    assertThat(Prose.findings("java", comment)).hasSize(1).first().asString().startsWith("2: ");
  }

  private static String ending(Path file) {
    var name = file.getFileName().toString();
    return name.contains(".") ? name.substring(name.lastIndexOf('.') + 1) : "";
  }

  private static String path(Path file) {
    return ROOT.relativize(file).toString().replace('\\', '/');
  }

  private static List<Path> files() throws IOException {
    try (var all = Files.walk(ROOT)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> ENDINGS.contains(ending(file)))
          .filter(file -> !NO_SOURCE.matcher(path(file)).matches())
          .filter(ProseTest::isChecked)
          .sorted()
          .toList();
    }
  }

  private static boolean isChecked(Path file) {
    return !APPLIED_MIGRATIONS.contains(path(file))
        && !file.endsWith("Prose.java")
        && !file.endsWith("ProseTest.java");
  }
}
