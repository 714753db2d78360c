/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Looks for room before a step that would otherwise fail in its middle. */
public final class DiskSpace {
  private DiskSpace() {}

  /** Checks that so many bytes are free. @throws StackFailure if they are not */
  public static void require(Path directory, long bytes) {
    try {
      var free = Files.getFileStore(directory).getUsableSpace();
      if (free < bytes) {
        throw new StackFailure(
            "The disk that holds %s has %d MB free, this step needs %d MB: free some space, or set ROWLOCK_DATA to a directory on another disk."
                .formatted(directory, free >> 20, bytes >> 20));
      }
    } catch (IOException e) {
      throw StackFailure.writing(directory, e);
    }
  }
}
