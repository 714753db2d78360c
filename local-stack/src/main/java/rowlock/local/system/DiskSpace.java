/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Checks the free space before a step that needs much of it. */
public final class DiskSpace {
  private DiskSpace() {}

  /**
   * Requires this number of free bytes.
   *
   * @throws StackFailure if there are fewer
   */
  public static void require(Path directory, long bytes) {
    try {
      var free = Files.getFileStore(directory).getUsableSpace();
      if (free < bytes) {
        throw new StackFailure(
            "The disk of %s has %d MB free, this step needs %d MB: free some space, or set ROWLOCK_DATA to a directory on another disk."
                .formatted(directory, free >> 20, bytes >> 20));
      }
    } catch (IOException e) {
      throw StackFailure.writing(directory, e);
    }
  }
}
