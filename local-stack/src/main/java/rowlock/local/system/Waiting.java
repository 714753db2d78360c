/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.system;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another process does and tells nobody about. */
public final class Waiting {
  private Waiting() {}

  /** Asks again and again until the answer is yes or the time is up; answers the last answer. */
  public static boolean until(Duration limit, Duration pause, BooleanSupplier condition) {
    var deadline = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline >= 0 || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pause.toMillis()));
    }
    return true;
  }
}
