/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.system;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Sends SIGINT, which Java cannot send itself. */
final class Signals {
  private Signals() {}

  /**
   * Sends SIGINT. If that fails, sends SIGTERM, which PostgreSQL takes as the slower but equally
   * safe shutdown.
   */
  static void interrupt(ProcessHandle process) {
    try {
      var kill =
          new ProcessBuilder("/bin/sh", "-c", "kill -INT " + process.pid()).inheritIO().start();
      if (kill.waitFor(5, TimeUnit.SECONDS) && kill.exitValue() == 0) {
        return;
      }
    } catch (IOException e) {
      // no shell: sends SIGTERM instead
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroy();
  }
}
