/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.limit;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * Decides which refusals are written to the security log. The process writes no more lines than
 * configured, so that an attacker cannot fill the disk. One client gets a tenth of them for one
 * reason, so that a flood hides neither other clients nor other reasons.
 *
 * @param <R> the reasons
 */
final class LineLimit<R extends Enum<R>> {
  private static final Duration PERIOD = Duration.ofMinutes(1);

  private static final int SHARES = 10;
  private static final int MAX_SOURCES = 10_000;

  private final Buckets<Source<R>> sources;
  private final Buckets<LineLimit<R>> process;
  private final Class<R> reasons;
  private final Map<R, LongAdder> withheld;

  private record Source<R>(ClientBlock client, R reason) {}

  LineLimit(Class<R> reasons, int linesPerMinute, Ticker ticker) {
    this.reasons = reasons;
    this.withheld = new EnumMap<>(reasons);
    for (var reason : reasons.getEnumConstants()) {
      withheld.put(reason, new LongAdder());
    }
    this.sources = new Buckets<>(Math.max(1, linesPerMinute / SHARES), PERIOD, MAX_SOURCES, ticker);
    this.process = new Buckets<>(linesPerMinute, PERIOD, 1, ticker);
  }

  /** Returns whether a line may be written; a line that may not is counted. */
  boolean admits(R reason, ClientBlock client) {
    if (sources.take(new Source<>(client, reason)) && process.take(this)) {
      return true;
    }
    Objects.requireNonNull(withheld.get(reason)).increment();
    return false;
  }

  /** Returns how many lines were not written since the last call, by reason. */
  Map<R, Long> takeWithheld() {
    Map<R, Long> counts = new EnumMap<>(reasons);
    withheld.forEach(
        (reason, adder) -> {
          var count = adder.sumThenReset();
          if (count > 0) {
            counts.put(reason, count);
          }
        });
    return counts;
  }
}
