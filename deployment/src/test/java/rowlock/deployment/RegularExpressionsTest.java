/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Refuses patterns that overflow the stack on a long input: a group that is repeated without a
 * limit needs a stack frame for each repetition, unless it is possessive.
 */
class RegularExpressionsTest {
  private static final Path REPOSITORY = Path.of("..");
  private static final Pattern LITERAL = Pattern.compile("\"(?:[^\"\\\\\\n]|\\\\.)*+\"");
  private static final Pattern CONCATENATION = Pattern.compile("\"\\s*\\+\\s*\"");
  private static final Pattern REPEATED_GROUP =
      Pattern.compile("(?<!\\\\)\\)(?:[*+]|\\{[0-9]++,})(?!\\+)");

  @Test
  void repeatedGroups_arePossessive() throws IOException {
    assertThat(sources()).hasSizeGreaterThan(200).flatMap(this::repeatedGroups).isEmpty();
  }

  @Test
  void repeatedGroups_areFound() {
    assertThat(repeatedGroups("x", "compile(\"(?:a|b)+\")")).hasSize(1);
    assertThat(repeatedGroups("x", "compile(\"(a\"\n    + \"|b){2,}c\")")).hasSize(1);
    assertThat(repeatedGroups("x", "compile(\"(?:a|b)++\"), \"(a){2}(b)?\\\\)+\"")).isEmpty();
  }

  private static List<Path> sources() throws IOException {
    try (var files = Files.walk(REPOSITORY)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> file.toString().contains("/src/main/java/"))
          .toList();
    }
  }

  private List<String> repeatedGroups(Path file) {
    try {
      return repeatedGroups(file.getFileName().toString(), Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> repeatedGroups(String name, String source) {
    var joined = CONCATENATION.matcher(source).replaceAll("");
    return LITERAL
        .matcher(joined)
        .results()
        .map(literal -> literal.group())
        .filter(literal -> REPEATED_GROUP.matcher(literal).find())
        .map(literal -> name + ": " + literal)
        .toList();
  }
}
