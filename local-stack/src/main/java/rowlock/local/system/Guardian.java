/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.system;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * A tiny JVM that outlives the launcher, however that ends, to stop what it leaves. It holds the
 * reading end of a pipe whose writing end only the launcher has: the end of the stream is the end
 * of the launcher.
 */
public final class Guardian {
  private static final String SERVERS_ONLY = "keep";
  private static final String DIRECTORY_TOO = "delete";

  private Guardian() {}

  /**
   * Starts the guardian of a stack. It ends by itself when this JVM has ended.
   *
   * @param deleteDirectory whether the directory goes too, as for tests
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
      throw new StackFailure("Cannot start " + command.getFirst() + ": " + e.getMessage(), e);
    }
  }

  /** Whether a guardian is there for a stack. */
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

  /** The guardian itself. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    var stack = Path.of(arguments[0]);
    var guarding = Thread.currentThread();
    // where there is no session of its own, a signal must not end it before its work is done
    Runtime.getRuntime().addShutdownHook(new Thread(() -> join(guarding)));
    // loads all classes now: a build may have removed them by then
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
        // nothing is ever written
      }
    } catch (IOException e) {
      // a broken pipe is an end too
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
