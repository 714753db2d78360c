/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.system;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** The one signal that Java cannot send by itself. */
final class Signals {
  private Signals() {}

  /**
   * SIGINT; if it cannot be sent, SIGTERM, which PostgreSQL takes as the slower but equally safe
   * shutdown.
   */
  static void interrupt(ProcessHandle process) {
    try {
      var kill =
          new ProcessBuilder("/bin/sh", "-c", "kill -INT " + process.pid()).inheritIO().start();
      if (kill.waitFor(5, TimeUnit.SECONDS) && kill.exitValue() == 0) {
        return;
      }
    } catch (IOException e) {
      // no shell: fall through to the signal that Java has
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroy();
  }
}
