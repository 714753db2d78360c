/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.postgres;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import rowlock.local.system.StackFailure;

/**
 * Determines the account that PostgreSQL runs as. PostgreSQL refuses to run as root. Root therefore
 * enters a user namespace, or becomes an unprivileged user that then owns the data directory.
 */
public enum PostgresAccount {
  /** The launcher's own account, which is not root. */
  SELF,
  /** Root in a new user namespace without a root user; files stay root's own. */
  NAMESPACE,
  /** The user {@value #NOBODY} by setpriv, if the launcher is root. */
  SETPRIV,
  /** The user {@value #NOBODY} by runuser, where setpriv is missing. */
  RUNUSER;

  private static final int NOBODY = 65534;

  /**
   * Returns the first account that works on this machine.
   *
   * @param data an existing data directory, whose owner decides, or null for a new one
   */
  public static PostgresAccount choose(@Nullable Path data) {
    if (new UnixSystem().getUid() != 0) {
      return SELF;
    }
    var ownedByOther = data != null && ownerOf(data) != 0;
    if (!ownedByOther && NAMESPACE.works()) {
      return NAMESPACE;
    }
    for (var account : List.of(SETPRIV, RUNUSER)) {
      if (account.works()) {
        return account;
      }
    }
    throw new StackFailure(
        "PostgreSQL refuses to run as root, and unshare, setpriv and runuser all fail: run this as an ordinary user.");
  }

  /**
   * Returns the command for this account. The process id stays the same, because each of the tools
   * ends in an exec.
   */
  List<String> command(List<String> command) {
    var whole = new ArrayList<>(prefix());
    whole.addAll(command);
    return whole;
  }

  private List<String> prefix() {
    return switch (this) {
      case SELF -> List.of();
      case NAMESPACE -> List.of("unshare", "--user", "--");
      case SETPRIV ->
          List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--");
      case RUNUSER -> List.of("runuser", "-u", "nobody", "--");
    };
  }

  /** Returns whether another user than the launcher owns the files of this account. */
  public boolean hasOwnFiles() {
    return this == SETPRIV || this == RUNUSER;
  }

  /** Makes the account the owner of a directory and its content. */
  void own(Path directory) throws IOException {
    if (!hasOwnFiles()) {
      return;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes)
              throws IOException {
            return chown(visited);
          }

          @Override
          public FileVisitResult visitFile(Path visited, BasicFileAttributes attributes)
              throws IOException {
            return chown(visited);
          }

          private FileVisitResult chown(Path file) throws IOException {
            Files.setAttribute(file, "unix:uid", NOBODY);
            Files.setAttribute(file, "unix:gid", NOBODY);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /**
   * Checks that this account can execute a program.
   *
   * @throws StackFailure if it cannot; the message says what to do
   */
  void requireAccess(Path program) {
    if (hasOwnFiles() && !succeeds(command(List.of("test", "-x", program.toString())))) {
      throw new StackFailure(
          "PostgreSQL must not run as root and the user nobody cannot read "
              + program
              + ": set ROWLOCK_DATA to a directory that all users may enter, or run this as an ordinary user.");
    }
  }

  private boolean works() {
    return succeeds(command(List.of("true")));
  }

  private static boolean succeeds(List<String> command) {
    try {
      var process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static int ownerOf(Path data) {
    try {
      return (int) Files.getAttribute(data, "unix:uid");
    } catch (IOException e) {
      throw StackFailure.writing(data, e);
    }
  }
}
