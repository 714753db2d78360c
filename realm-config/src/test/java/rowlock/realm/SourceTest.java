/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks rules for the text of the realm's source. */
class SourceTest {
  private static final Pattern UUID = Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-");
  private static final Pattern ID = Pattern.compile("(?m)^[ -]*(id|containerId|internalId):");
  private static final Pattern SECRET =
      Pattern.compile(
          "(?im)^[ -]*([\\w.-]*(secret|password|passphrase|privateKey|certificate|credential)s?):\\s*(?!32$|64$|600$|\\$\\{)[^\\s#{\\[]");
  private static final Pattern ENCODED =
      Pattern.compile( // a long word without a digit is the name of a property
          "(?=[A-Za-z+/_-]*[0-9])[A-Za-z0-9+/_-]{40,}={0,2}|-----BEGIN|eyJ[A-Za-z0-9]");
  private static final Pattern ADDRESS = Pattern.compile("https?://(?!127\\.0\\.0\\.1/\\*)");

  static Stream<Path> files() throws Exception {
    try (var realm = Files.walk(Path.of("realm"));
        var master = Files.walk(Path.of("master"))) {
      return Stream.concat(realm, master).filter(Files::isRegularFile).toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void file_hasNoIdsSecretsOrAddresses_andIsReadable(Path file) throws Exception {
    var text = Files.readString(file);
    var settings = text.replaceAll("(?m)^ *#.*$", "");

    assertThat(settings)
        .doesNotContainPattern(UUID)
        .doesNotContainPattern(ID)
        .doesNotContainPattern(SECRET)
        .doesNotContainPattern(ENCODED)
        .doesNotContainPattern(ADDRESS);
    assertThat(text).startsWith("# ");
    assertThat(text.lines()).hasSizeLessThan(120);
  }
}
