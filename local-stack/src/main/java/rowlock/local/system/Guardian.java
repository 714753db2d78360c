/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.system;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs a small JVM that stops the servers of a launcher when the launcher ends, even if it is
 * killed. It reads from a pipe that only the launcher can write to. The end of the stream is the
 * end of the launcher.
 */
public final class Guardian {
  private static final String SERVERS_ONLY = "keep";
  private static final String DIRECTORY_TOO = "delete";

  private Guardian() {}

  /**
   * Starts the guardian of a stack. It ends after this JVM has ended.
   *
   * @param deleteDirectory whether to delete the directory too, for tests
   */
  public static Process watch(Path stack, boolean deleteDirectory) {
    var command =
        DetachedCommand.detached(
            List.of(
                Jdk.java().toString(),
                "-Xmx16m",
                "-Xshare:auto",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                codeLocation(),
                Guardian.class.getName(),
                stack.toAbsolutePath().normalize().toString(),
                deleteDirectory ? DIRECTORY_TOO : SERVERS_ONLY));
    try {
      return new ProcessBuilder(command)
          .directory(Path.of("/").toFile())
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      throw new StackFailure("Starting failed: " + command.getFirst() + ": " + e.getMessage(), e);
    }
  }

  /** Returns whether a stack has a guardian. */
  public static boolean watches(Path stack) {
    var words = Guardian.class.getName() + " " + stack.toAbsolutePath().normalize() + " ";
    return ProcessHandle.allProcesses()
        .anyMatch(
            process ->
                process.info().commandLine().map(line -> line.contains(words)).orElse(false));
  }

  private static String codeLocation() {
    var location = Guardian.class.getProtectionDomain().getCodeSource().getLocation();
    return Path.of(URI.create(location.toString())).toString();
  }

  /** Runs the guardian. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    var stack = Path.of(arguments[0]);
    var guarding = Thread.currentThread();
    // without a session of its own, a signal must not end it before it has stopped the servers
    Runtime.getRuntime().addShutdownHook(new Thread(() -> join(guarding)));
    // loads all classes now, because a build may delete them in the meantime
    Orphans.of(stack);
    DirectoryTree.delete(stack.resolve("nothing-there"));
    awaitEnd(System.in);
    Orphans.stop(stack);
    if (arguments[1].equals(DIRECTORY_TOO)) {
      DirectoryTree.delete(stack);
    }
    Runtime.getRuntime().halt(0);
  }

  private static void awaitEnd(InputStream pipe) {
    try {
      while (pipe.read() >= 0) {
        // the launcher writes no bytes
      }
    } catch (IOException e) {
      // a broken pipe is an end of the stream too
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
