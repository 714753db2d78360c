/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/**
 * Which receivers do not answer, so that no request waits for them: after a failure only one
 * attempt in some seconds is made while somebody waits. Thread-safe.
 */
final class Circuit {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(40);

  private final LongSupplier nanos;
  private final ConcurrentMap<String, Pause> pauses = new ConcurrentHashMap<>();

  /** With a clock that only goes forward. */
  Circuit(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Nobody tries before the time. */
  private record Pause(long until, Duration length) {
    Pause longer(long now) {
      var twice = length.multipliedBy(2);
      var next = twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
      return new Pause(now + next.toNanos(), next);
    }
  }

  /** Whether an attempt may be made. At the end of a pause one caller may; others wait on. */
  boolean allows(String receiver) {
    var pause = pauses.get(receiver);
    if (pause == null) {
      return true;
    }
    var now = nanos.getAsLong();
    return now - pause.until() >= 0 && pauses.replace(receiver, pause, pause.longer(now));
  }

  /** The receiver answered. */
  void answered(String receiver) {
    pauses.remove(receiver);
  }

  /** The receiver did not answer. */
  void failed(String receiver) {
    var now = nanos.getAsLong();
    pauses.compute(
        receiver,
        (key, pause) -> {
          var length = pause == null ? FIRST_PAUSE : pause.length();
          return new Pause(now + length.toNanos(), length);
        });
  }
}
