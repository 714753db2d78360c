/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

/**
 * Ends this JVM when the Maven process that started it ends. Maven that is killed leaves the
 * launcher running.
 */
final class MavenWatch {
  private static final int STATUS_TERMINATED = 143;

  private MavenWatch() {}

  /** Starts to watch the parent process if it is Maven. */
  static void begin() {
    ProcessHandle.current()
        .parent()
        .filter(
            parent ->
                parent
                    .info()
                    .commandLine()
                    .map(line -> line.contains("org.codehaus.plexus.classworlds"))
                    .orElse(false))
        .ifPresent(MavenWatch::endWith);
  }

  /**
   * Waits in a thread of its own. A callback would block the JDK thread that reports the ends of
   * processes, which the exit needs.
   */
  private static void endWith(ProcessHandle maven) {
    Thread.ofPlatform()
        .daemon()
        .name("maven-watch")
        .start(
            () -> {
              maven.onExit().join();
              System.exit(STATUS_TERMINATED);
            });
  }
}
