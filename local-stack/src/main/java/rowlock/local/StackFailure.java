/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * The stack cannot go on, for a reason that a person can do something about. The message is one
 * line that says what to do; a launcher prints it alone and exits with 1.
 */
public final class StackFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A failure with what happened and what to do about it, on one line. */
  public StackFailure(String message) {
    super(message);
  }

  /** As above, with the cause for whoever debugs the stack itself. */
  public StackFailure(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * Puts an input/output error below a directory into words: a full disk, a missing permission, or
   * the error itself.
   */
  static StackFailure writing(Path directory, IOException e) {
    var reason =
        e instanceof FileSystemException f && f.getReason() != null
            ? f.getReason()
            : e.getMessage();
    if (reason != null && reason.contains("No space left on device")) {
      return diskFull(directory, e);
    }
    if (e instanceof AccessDeniedException
        || (reason != null && reason.contains("Read-only file system"))) {
      return new StackFailure(
          "Cannot write below "
              + directory
              + ": make it writable for you, or set ROWLOCK_DATA to another directory.",
          e);
    }
    return new StackFailure("Cannot work below " + directory + ": " + e, e);
  }

  static StackFailure diskFull(Path directory, IOException e) {
    return new StackFailure(
        "The disk that holds "
            + directory
            + " is full: free some space, or set ROWLOCK_DATA to a directory on another disk.",
        e);
  }
}
