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

class BrowserProgramTest {
  @TempDir private Path folder;

  @Test
  void find_onThePath_returnsTheFirst() throws IOException {
    var chrome = program("google-chrome");

    assertThat(BrowserProgram.find(Map.of("PATH", "/nowhere:" + folder)).path()).isEqualTo(chrome);
  }

  @Test
  void find_variableIsSet_returnsItsProgram() throws IOException {
    var named = program("my-browser");
    program("chromium");

    var environment = Map.of("PATH", folder.toString(), BrowserProgram.VARIABLE, named.toString());
    assertThat(BrowserProgram.find(environment).path()).isEqualTo(named);
  }

  @Test
  void find_variableNamesMissingProgram_returnsNone() throws IOException {
    program("chromium");

    var found =
        BrowserProgram.find(
            Map.of("PATH", folder.toString(), BrowserProgram.VARIABLE, folder + "/nothing"));
    assertThat(found.path()).isNull();
    assertThat(found.reason()).contains(BrowserProgram.VARIABLE, folder + "/nothing");
  }

  @Test
  void isRequired_inPipelineOrWithVariable_isTrue() {
    assertThat(BrowserProgram.isRequired(Map.of(), null)).isFalse();
    assertThat(BrowserProgram.isRequired(Map.of("CI", "true"), null)).isTrue();
    assertThat(BrowserProgram.isRequired(Map.of(), "required")).isTrue();
    assertThat(BrowserProgram.isRequired(Map.of(BrowserProgram.VARIABLE, "/nothing"), null))
        .isTrue();
  }

  private Path program(String name) throws IOException {
    return Files.createFile(
        folder.resolve(name),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }
}
