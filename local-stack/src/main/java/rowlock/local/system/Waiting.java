/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.system;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Polls for a condition of another process. */
public final class Waiting {
  private Waiting() {}

  /** Polls until the condition is true or the limit is reached; returns the last result. */
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
