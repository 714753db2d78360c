/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Checks that no module uses a test jar: modules share fixtures as main code, see
 * docs/adr/0001-modules.md.
 */
class ModulesTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  /** Matches the type of a dependency, the goal of the plugin, and the classifier of its file. */
  private static final Pattern TEST_JAR =
      Pattern.compile("<(type|goal)>\\s*test-jar\\s*</|<classifier>\\s*tests\\s*</");

  @Test
  void noModuleUsesOrBuildsATestJar() throws IOException {
    var poms = poms();

    assertThat(poms).hasSizeGreaterThan(5);
    for (var pom : poms) {
      assertThat(Files.readString(pom)).as(pom.toString()).doesNotContainPattern(TEST_JAR);
    }
  }

  private static List<Path> poms() throws IOException {
    try (var files = Files.walk(ROOT, 3)) {
      return files
          .filter(file -> file.endsWith("pom.xml"))
          .filter(file -> !ROOT.relativize(file).toString().matches("(.*/)?target/.*"))
          .toList();
    }
  }
}
