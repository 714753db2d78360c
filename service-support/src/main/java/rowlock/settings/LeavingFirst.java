/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.settings;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.springframework.boot.availability.ApplicationAvailabilityBean;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;

/**
 * A service that is asked to stop first says that it is not ready, and for a while goes on as if
 * nothing were: so that those in front, who ask now and then, have left before it refuses anybody.
 * Without that, each stop would be some failed requests. Thread-safe.
 */
public final class LeavingFirst extends ApplicationAvailabilityBean {

  private static final Duration LONGEST = Duration.ofMinutes(5);

  private final Duration delay;
  private boolean ready;

  private LeavingFirst(Duration delay) {
    this.delay = delay;
  }

  /**
   * Reads {@code ROWLOCK_SHUTDOWN_DELAY}: none by default, five minutes at most.
   *
   * @throws InvalidSettingException if it is neither
   */
  public static LeavingFirst from(Variables variables) {
    Duration delay = variables.duration("ROWLOCK_SHUTDOWN_DELAY", Duration.ZERO);
    if (delay.isNegative() || delay.compareTo(LONGEST) > 0) {
      throw new InvalidSettingException(
          "ROWLOCK_SHUTDOWN_DELAY", "must be between 0s and " + LONGEST.toMinutes() + "m.");
    }
    return new LeavingFirst(delay);
  }

  /** Spring closes nothing before this comes back. */
  @Override
  public void onApplicationEvent(AvailabilityChangeEvent<?> event) {
    super.onApplicationEvent(event);
    if (changesToLeaving(event.getState())) {
      long end = System.nanoTime() + delay.toNanos();
      for (long left = delay.toNanos(); left > 0; left = end - System.nanoTime()) {
        LockSupport.parkNanos(left);
        if (Thread.currentThread().isInterrupted()) {
          return;
        }
      }
    }
  }

  /** Once: the server of health and metrics says it too, when it is closed. */
  private synchronized boolean changesToLeaving(Object state) {
    boolean leaves = ready && state == ReadinessState.REFUSING_TRAFFIC;
    if (state instanceof ReadinessState) {
      ready = state == ReadinessState.ACCEPTING_TRAFFIC;
    }
    return leaves;
  }
}
