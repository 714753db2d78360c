/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.audit;

import com.github.benmanes.caffeine.cache.Ticker;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.stereotype.Component;
import rowlock.api.settings.ClientSettings;

/**
 * Which refusals get a line of their own in the security log. The process as a whole writes no more
 * than the setting says, so that no stranger can fill the disk; one client gets for one reason a
 * tenth of that, so that a flood hides neither other clients nor what else the same client tries.
 */
@Component
final class LineLimit {

  private static final int SHARES = 10;
  private static final int MAX_SOURCES = 10_000;

  private final Buckets<Source> sources;
  private final Buckets<LineLimit> process;
  private final Map<Refusal, LongAdder> withheld = new EnumMap<>(Refusal.class);

  private record Source(ClientBlock client, Refusal reason) {}

  LineLimit(ClientSettings settings, Ticker ticker) {
    for (Refusal reason : Refusal.values()) {
      withheld.put(reason, new LongAdder());
    }
    int lines = settings.logLinesPerMinute();
    this.sources = new Buckets<>(Math.max(1, lines / SHARES), MAX_SOURCES, ticker);
    this.process = new Buckets<>(lines, 1, ticker);
  }

  /** Whether a line may be written; if not, it is counted. */
  boolean admits(Refusal reason, ClientBlock client) {
    if (sources.take(new Source(client, reason)) && process.take(this)) {
      return true;
    }
    Objects.requireNonNull(withheld.get(reason)).increment();
    return false;
  }

  /** How many lines were not written, by reason, since this was asked for the last time. */
  Map<Refusal, Long> takeWithheld() {
    Map<Refusal, Long> counts = new EnumMap<>(Refusal.class);
    withheld.forEach(
        (reason, adder) -> {
          long count = adder.sumThenReset();
          if (count > 0) {
            counts.put(reason, count);
          }
        });
    return counts;
  }
}
