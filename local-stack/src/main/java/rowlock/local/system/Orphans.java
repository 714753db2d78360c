/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.system;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Finds and stops the servers of a stack whose launcher is gone. A server is known by the marker on
 * its command line, which holds the directory of its stack: a process number that was given to
 * another program since cannot be mistaken for it, and there is no moment in which a server runs
 * but is not yet noted anywhere.
 */
public final class Orphans {
  private static final String KEY = "rowlock.stack=";
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private Orphans() {}

  /** What the command line of each server of a stack contains as one argument. */
  public static String marker(Path stack) {
    return KEY + stack.toAbsolutePath().normalize();
  }

  /** The running servers of a stack. */
  public static List<ProcessHandle> of(Path stack) {
    var marker = marker(stack) + " ";
    return ProcessHandle.allProcesses()
        .filter(
            process ->
                process
                    .info()
                    .commandLine()
                    .map(line -> (line + " ").contains(marker))
                    .orElse(false))
        .toList();
  }

  /**
   * Stops Keycloak first, then PostgreSQL, as their launcher would have done, and the stubborn by
   * force.
   */
  public static void stop(Path stack) {
    var running = of(stack);
    var databases = running.stream().filter(Orphans::isPostgres).toList();
    var others = running.stream().filter(process -> !databases.contains(process)).toList();
    others.forEach(ProcessHandle::destroy);
    await(others);
    databases.forEach(Signals::interrupt);
    await(databases);
    // children of a server that was killed: they wind down by themselves, and the data is free only
    // then
    var left = of(stack);
    left.forEach(ProcessHandle::destroyForcibly);
    await(left);
  }

  private static boolean isPostgres(ProcessHandle process) {
    return process.info().commandLine().map(line -> !line.contains("-D" + KEY)).orElse(false);
  }

  /**
   * Asks rather than be told: who is told by the JVM shares its pool of threads, which may wait for
   * us just now.
   */
  private static void await(List<ProcessHandle> processes) {
    if (!Waiting.until(LIMIT, PAUSE, () -> processes.stream().noneMatch(ProcessHandle::isAlive))) {
      processes.forEach(ProcessHandle::destroyForcibly);
      Waiting.until(LIMIT, PAUSE, () -> processes.stream().noneMatch(ProcessHandle::isAlive));
    }
  }
}
