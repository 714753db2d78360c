/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that a test sets, or lets fail. */
final class AdjustableClock extends Clock {
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final AtomicInteger remaining = new AtomicInteger();
  private volatile String failingThread = "";
  private volatile Instant now;

  AdjustableClock(Instant now) {
    this.now = now;
  }

  void advance(Duration by) {
    now = now.plus(by);
  }

  /** Throws this at the next call of this thread. */
  void failOnceIn(String thread, Throwable unchecked) {
    failOnceIn(thread, unchecked, 0);
  }

  /** Throws this at a call of this thread, after some calls that succeed. */
  void failOnceIn(String thread, Throwable unchecked, int successes) {
    remaining.set(successes);
    failingThread = thread;
    failure.set(unchecked);
  }

  boolean hasFailed() {
    return failure.get() == null;
  }

  @Override
  public Instant instant() {
    if (Thread.currentThread().getName().equals(failingThread)
        && remaining.getAndDecrement() <= 0) {
      var unchecked = failure.getAndSet(null);
      if (unchecked instanceof RuntimeException defect) {
        throw defect;
      }
      if (unchecked instanceof Error error) {
        throw error;
      }
    }
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
