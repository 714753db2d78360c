/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.system;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reports that the stack cannot continue, for a reason that the user can fix. The message is one
 * line that says what to do. A launcher prints it alone and exits with status 1.
 */
public final class StackFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final String NO_SPACE = "No space left on device";

  /** PostgreSQL's SQLSTATE {@code disk_full}. */
  private static final String DISK_FULL = "53100";

  /** Creates a failure. The message says in one line what happened and what to do. */
  public StackFailure(String message) {
    super(message);
  }

  /** Creates a failure with a cause, for developers of the stack. */
  public StackFailure(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * Returns a failure for an input/output error below a directory: a full disk, a missing
   * permission, or another error.
   */
  public static StackFailure writing(Path directory, IOException e) {
    var reason =
        e instanceof FileSystemException f && f.getReason() != null
            ? f.getReason()
            : e.getMessage();
    if (reason != null && reason.contains(NO_SPACE)) {
      return diskFull(directory, e);
    }
    if (e instanceof AccessDeniedException
        || (reason != null && reason.contains("Read-only file system"))) {
      return new StackFailure(
          "Writing failed below "
              + directory
              + ": make it writable for you, or set ROWLOCK_DATA to another directory.",
          e);
    }
    return new StackFailure("Input or output failed below " + directory + ": " + e, e);
  }

  /** Returns a failure for a statement that PostgreSQL refused. */
  public static StackFailure refused(Path directory, String what, SQLException e) {
    return DISK_FULL.equals(e.getSQLState())
        ? diskFull(directory, e)
        : new StackFailure("PostgreSQL refused to " + what + ": " + e.getMessage(), e);
  }

  /** Returns a failure for a process that has ended, with the last error in its log. */
  public static StackFailure ended(Path log, String what) {
    return ended(log, what, UnaryOperator.identity());
  }

  /**
   * Returns the same for a log that is not plain text.
   *
   * @param readable converts a line of the log to text
   */
  public static StackFailure ended(Path log, String what, UnaryOperator<String> readable) {
    var words = ChildProcess.lastWords(log, readable);
    return words.contains(NO_SPACE)
        ? diskFull(log, null)
        : new StackFailure(what + ": \"" + words + "\"; the whole log is " + log);
  }

  private static StackFailure diskFull(Path place, @Nullable Exception cause) {
    var message =
        "The disk of "
            + place
            + " is full: free some space, or set ROWLOCK_DATA to a directory on another disk.";
    return cause == null ? new StackFailure(message) : new StackFailure(message, cause);
  }
}
