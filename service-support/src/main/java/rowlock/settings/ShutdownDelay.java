/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.settings;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.springframework.boot.availability.ApplicationAvailabilityBean;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;

/**
 * Delays the shutdown after readiness has gone down, so that load balancers drain. Requests are
 * served during the delay: without it, each stop would fail some of them. Thread-safe.
 */
public final class ShutdownDelay extends ApplicationAvailabilityBean {
  private static final Duration MAX_DELAY = Duration.ofMinutes(5);

  private final Duration delay;
  private boolean ready;

  private ShutdownDelay(Duration delay) {
    this.delay = delay;
  }

  /**
   * Reads {@code ROWLOCK_SHUTDOWN_DELAY}: default zero, maximum five minutes.
   *
   * @throws InvalidSettingException if it is invalid
   */
  public static ShutdownDelay from(Variables variables) {
    var delay = variables.duration("ROWLOCK_SHUTDOWN_DELAY", Duration.ZERO);
    if (delay.isNegative() || delay.compareTo(MAX_DELAY) > 0) {
      throw new InvalidSettingException(
          "ROWLOCK_SHUTDOWN_DELAY", "must be between 0s and " + MAX_DELAY.toMinutes() + "m.");
    }
    return new ShutdownDelay(delay);
  }

  /** Blocks until the delay has passed; Spring closes nothing before. */
  @Override
  public void onApplicationEvent(AvailabilityChangeEvent<?> event) {
    super.onApplicationEvent(event);
    if (changesToLeaving(event.getState())) {
      var end = System.nanoTime() + delay.toNanos();
      for (var left = delay.toNanos(); left > 0; left = end - System.nanoTime()) {
        LockSupport.parkNanos(left);
        if (Thread.currentThread().isInterrupted()) {
          return;
        }
      }
    }
  }

  /** Returns true only once: closing the management server publishes the same event again. */
  private synchronized boolean changesToLeaving(Object state) {
    var leaves = ready && state == ReadinessState.REFUSING_TRAFFIC;
    if (state instanceof ReadinessState) {
      ready = state == ReadinessState.ACCEPTING_TRAFFIC;
    }
    return leaves;
  }
}
