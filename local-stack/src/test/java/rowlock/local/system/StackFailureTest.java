/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackFailureTest {
  private static final String FREE_SOME_SPACE =
      " is full: free some space, or set ROWLOCK_DATA to a directory on another disk.";

  @TempDir Path directory;

  @Test
  void fullDisk_anySource_isRecognized() throws IOException {
    var log = Files.writeString(directory.resolve("log"), "FATAL:  No space left on device\n");

    assertThat(StackFailure.writing(directory, new IOException("No space left on device")))
        .hasMessageEndingWith(FREE_SOME_SPACE);
    assertThat(StackFailure.refused(directory, "define x", new SQLException("could not", "53100")))
        .hasMessageEndingWith(FREE_SOME_SPACE);
    assertThat(StackFailure.ended(log, "PostgreSQL did not start"))
        .hasMessageEndingWith(FREE_SOME_SPACE);
  }

  @Test
  void aMissingPermissionSaysWhatToDo() {
    assertThat(StackFailure.writing(directory, new AccessDeniedException("x")))
        .hasMessageContaining("make it writable for you, or set ROWLOCK_DATA");
  }

  @Test
  void ended_logWithErrors_namesTheLastError() throws IOException {
    var log =
        Files.writeString(
            directory.resolve("log"),
            "INFO begins\nERROR: Failed to start\nERROR: the reason\nFor more details, ask.\n\n");

    assertThat(StackFailure.ended(log, "Keycloak stopped"))
        .hasMessage("Keycloak stopped: \"ERROR: the reason\"; the whole log is " + log);
  }
}
