/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.system;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Finds and stops the servers of a stack whose launcher has ended. A marker on the command line
 * names the directory of the stack. A process id that the system has given to another program since
 * is therefore not mistaken for a server.
 */
public final class Orphans {
  private static final String KEY = "rowlock.stack=";
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private Orphans() {}

  /** Returns the argument that each server of a stack has on its command line. */
  public static String marker(Path stack) {
    return KEY + stack.toAbsolutePath().normalize();
  }

  /** Returns the running servers of a stack. */
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
   * Stops Keycloak first, then PostgreSQL, as their launcher does, and kills those that do not end.
   */
  public static void stop(Path stack) {
    var running = of(stack);
    var databases = running.stream().filter(Orphans::isPostgres).toList();
    var others = running.stream().filter(process -> !databases.contains(process)).toList();
    others.forEach(ProcessHandle::destroy);
    await(others);
    databases.forEach(Signals::interrupt);
    await(databases);
    // children of a killed server end by themselves; only then the data directory is free
    var left = of(stack);
    left.forEach(ProcessHandle::destroyForcibly);
    await(left);
  }

  private static boolean isPostgres(ProcessHandle process) {
    return process.info().commandLine().map(line -> !line.contains("-D" + KEY)).orElse(false);
  }

  /**
   * Polls, because a notification would run in a JDK thread pool whose threads may all be waiting
   * here.
   */
  private static void await(List<ProcessHandle> processes) {
    if (!Waiting.until(LIMIT, PAUSE, () -> processes.stream().noneMatch(ProcessHandle::isAlive))) {
      processes.forEach(ProcessHandle::destroyForcibly);
      Waiting.until(LIMIT, PAUSE, () -> processes.stream().noneMatch(ProcessHandle::isAlive));
    }
  }
}
