/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

/**
 * Maven, killed outright, leaves the launcher it has started running: the launcher then ends by
 * itself.
 */
final class MavenWatch {
  private static final int STATUS_TERMINATED = 143;

  private MavenWatch() {}

  /** Ends this JVM when Maven is gone, if Maven has started it. */
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

  /** In a thread of its own: the one that brings the news may be the only one to bring more. */
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
