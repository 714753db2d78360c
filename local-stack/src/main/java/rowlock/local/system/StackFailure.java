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
 * The stack cannot go on, for a reason that a person can do something about. The message is one
 * line that says what to do; a launcher prints it alone and exits with 1.
 */
public final class StackFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final String NO_SPACE = "No space left on device";

  /** PostgreSQL's SQLSTATE {@code disk_full}. */
  private static final String DISK_FULL = "53100";

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
          "Cannot write below "
              + directory
              + ": make it writable for you, or set ROWLOCK_DATA to another directory.",
          e);
    }
    return new StackFailure("Cannot work below " + directory + ": " + e, e);
  }

  /** Puts what PostgreSQL refused into words. */
  public static StackFailure refused(Path directory, String what, SQLException e) {
    return DISK_FULL.equals(e.getSQLState())
        ? diskFull(directory, e)
        : new StackFailure("PostgreSQL refused to " + what + ": " + e.getMessage(), e);
  }

  /** Puts the end of a process into words: what its log says last. */
  public static StackFailure ended(Path log, String what) {
    return ended(log, what, UnaryOperator.identity());
  }

  /**
   * The same for a log that is not plain text.
   *
   * @param readable turns a line of the log into text
   */
  public static StackFailure ended(Path log, String what, UnaryOperator<String> readable) {
    var words = ChildProcess.lastWords(log, readable);
    return words.contains(NO_SPACE)
        ? diskFull(log, null)
        : new StackFailure(what + ": \"" + words + "\"; the whole log is " + log);
  }

  private static StackFailure diskFull(Path place, @Nullable Exception cause) {
    var message =
        "The disk that holds "
            + place
            + " is full: free some space, or set ROWLOCK_DATA to a directory on another disk.";
    return cause == null ? new StackFailure(message) : new StackFailure(message, cause);
  }
}
