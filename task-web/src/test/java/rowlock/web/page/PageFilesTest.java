/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.io.DefaultResourceLoader;
import rowlock.settings.InvalidSettingException;
import rowlock.web.settings.PageSettings;

/** The page's files, their path, and the texts of both languages. */
class PageFilesTest {
  private static final Pattern REFERENCE = Pattern.compile("(?:href|src)=\"(/assets/[^\"]+)\"");

  @Test
  void index_referencesExistingFiles() {
    var files = new PageFiles(new PageSettings(null));
    var references =
        REFERENCE.matcher(text(files)).results().map(result -> result.group(1)).toList();

    assertThat(references)
        .contains(files.path() + "app.js", files.path() + "tasks/list.js")
        .allSatisfy(reference -> assertThat(exists(files, reference)).as(reference).isTrue());
    assertThat(text(files)).doesNotContain("{{");
  }

  @Test
  void index_preloadsAllImportedModules() throws IOException {
    var files = new PageFiles(new PageSettings(null));
    var html = text(files);
    var lit = new String(read("classpath:/page/lit.js"), StandardCharsets.UTF_8);
    assertThat(Pattern.compile("from \"\\./([^\"]+)\"").matcher(lit).results())
        .map((MatchResult result) -> result.group(1))
        .isNotEmpty()
        .allSatisfy(
            module -> assertThat(html).contains("modulepreload\" href=\"" + files.path() + module));
  }

  @Test
  void languages_haveTheSameKeys_andNoTechnicalTerms() throws IOException {
    var english = language("en");
    var german = language("de");

    assertThat(keys(german)).isEqualTo(keys(english)).hasSizeGreaterThan(100);
    assertThat(texts(english) + texts(german))
        .doesNotContainPattern("(?i)token|parameter|client|null|json|http|session id|exception")
        // the tasks of a deleted account are kept for a while
        .doesNotContain("for good", "endgültig");
  }

  /** Returns the keys in order, because a key is unique in its block only. */
  private static List<String> keys(String language) {
    return Pattern.compile("(?m)(?:^|[{,]) *\"?([\\w/?↑↓-][\\w/?↑↓ -]*)\"?: ?(?=[\"{(`\n])")
        .matcher(language)
        .results()
        .map(result -> result.group(1).strip())
        .toList();
  }

  private static String texts(String language) {
    return Pattern.compile("\"([^\"]+)\"(?!:)|`([^`]+)`")
        .matcher(language)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.joining(" "));
  }

  private static String language(String tag) throws IOException {
    return new String(read("classpath:/page/language/" + tag + ".js"), StandardCharsets.UTF_8);
  }

  @Test
  void index_inDevelopment_isReadOnEachVisit(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("index.html"), "<p>{{assets}}");
    Files.writeString(folder.resolve("app.js"), "1");
    var development = new PageFiles(new PageSettings(folder));
    // nothing is cached in development, so that the path is constant
    assertThat(text(development)).isEqualTo("<p>/assets/current");
    Files.writeString(folder.resolve("index.html"), "<b>{{assets}}");
    assertThat(text(development)).isEqualTo("<b>/assets/current");
    assertThat(new PageFiles(new PageSettings(null)).path()).matches("/assets/[0-9a-f]{16}/");
  }

  @Test
  void folderWithoutIndex_isRejected(@TempDir Path folder) {
    assertThatThrownBy(() -> new PageFiles(new PageSettings(folder)))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("ROWLOCK_WEB_PAGE_FOLDER");
    assertThatThrownBy(() -> new PageSettings(folder.resolve("nothing")))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("ROWLOCK_WEB_PAGE_FOLDER");
  }

  private static boolean exists(PageFiles files, String reference) {
    var name = reference.substring(files.path().length());
    var place =
        name.startsWith("lit-html/")
            ? files.libraryLocation() + name.substring("lit-html/".length())
            : files.location() + name;
    return new DefaultResourceLoader().getResource(place).exists();
  }

  private static String text(PageFiles files) {
    return new String(files.index(), StandardCharsets.UTF_8);
  }

  private static byte[] read(String place) throws IOException {
    return new DefaultResourceLoader().getResource(place).getContentAsByteArray();
  }
}
