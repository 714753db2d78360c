/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.audit;

import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.keycloak.events.EventType;
import rowlock.keycloak.budget.ClientNetwork;

/**
 * Limits the lines that anonymous requests can write into the security log. A node writes at most
 * {@code linesPerMinute}; one network gets a tenth of that for each event type, so that a flood
 * hides neither other networks nor other events of the same network. Thread-safe.
 */
final class LineLimit {
  static final int DEFAULT_LINES_PER_MINUTE = 600;

  private static final int SHARES = 10;
  private static final int MAX_SOURCES = 10_000;
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final int linesPerMinute;
  private final int share;
  private final LongSupplier nanos;
  private final Map<Source, Integer> sources = new HashMap<>();
  private final Map<EventType, Long> withheld = new EnumMap<>(EventType.class);
  private long start;
  private int lines;

  private record Source(String network, EventType type) {}

  LineLimit(int linesPerMinute, LongSupplier nanos) {
    if (linesPerMinute < 1) {
      throw new IllegalArgumentException("lines-per-minute must be at least 1");
    }
    this.linesPerMinute = linesPerMinute;
    this.share = Math.max(1, linesPerMinute / SHARES);
    this.nanos = nanos;
    this.start = nanos.getAsLong();
  }

  /** Returns whether a line may be written; otherwise counts it as withheld. */
  synchronized boolean admits(@Nullable String address, EventType type) {
    var now = nanos.getAsLong();
    if (now - start >= MINUTE) {
      start = now;
      lines = 0;
      sources.clear();
    }
    var source = new Source(ClientNetwork.of(address), type);
    var used = sources.getOrDefault(source, 0);
    if (used >= share || lines >= linesPerMinute || (used == 0 && sources.size() >= MAX_SOURCES)) {
      withheld.merge(type, 1L, Long::sum);
      return false;
    }
    sources.put(source, used + 1);
    lines++;
    return true;
  }

  /** Returns the number of lines withheld since the last call, by event type. */
  synchronized Map<EventType, Long> takeWithheld() {
    var counts = new EnumMap<EventType, Long>(EventType.class);
    counts.putAll(withheld);
    withheld.clear();
    return counts;
  }
}
