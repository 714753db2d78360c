/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramTest {
  @TempDir private Path folder;

  @Test
  void theFirstOnThePathIsTaken() throws IOException {
    var chrome = program("google-chrome");

    assertThat(Program.find(Map.of("PATH", "/nowhere:" + folder)).path()).hasValue(chrome);
  }

  @Test
  void theNamedOneWins() throws IOException {
    var named = program("my-browser");
    program("chromium");

    var environment = Map.of("PATH", folder.toString(), Program.VARIABLE, named.toString());
    assertThat(Program.find(environment).path()).hasValue(named);
  }

  @Test
  void aNamedOneThatIsNotThereIsNotReplacedByAnother() throws IOException {
    program("chromium");

    var found =
        Program.find(Map.of("PATH", folder.toString(), Program.VARIABLE, folder + "/nothing"));
    assertThat(found.path()).isEmpty();
    assertThat(found.reason()).contains(Program.VARIABLE, folder + "/nothing");
  }

  @Test
  void aPipelineMustHaveOneAndSoMustWhoNamesOne() {
    assertThat(Program.isRequired(Map.of(), null)).isFalse();
    assertThat(Program.isRequired(Map.of("CI", "true"), null)).isTrue();
    assertThat(Program.isRequired(Map.of(), "required")).isTrue();
    assertThat(Program.isRequired(Map.of(Program.VARIABLE, "/nothing"), null)).isTrue();
  }

  private Path program(String name) throws IOException {
    return Files.createFile(
        folder.resolve(name),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }
}
