/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.limit;

import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.Counter;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts refused requests by reason, and writes a JSON line for each to the logger {@code
 * rowlock.audit} within a rate limit. {@link #summarize} writes the number of suppressed lines.
 * Thread-safe.
 *
 * @param <R> the reasons
 */
public final class RefusalLog<R extends Enum<R>> {
  private static final Logger log = LoggerFactory.getLogger("rowlock.audit");
  private static final int MAX_LENGTH = 64;

  private final Clock clock;
  private final LineLimit<R> lines;
  private final Map<R, Counter> counters;

  /**
   * Creates a log that has written nothing.
   *
   * @param reasons all reasons
   * @param linesPerMinute lines of the whole process; one client gets a tenth of them for one
   *     reason
   * @param counter the counter of a reason, which counts every refusal
   */
  public RefusalLog(
      Class<R> reasons,
      int linesPerMinute,
      Function<R, Counter> counter,
      Clock clock,
      Ticker ticker) {
    this.clock = clock;
    this.lines = new LineLimit<>(reasons, linesPerMinute, ticker);
    this.counters = new EnumMap<>(reasons);
    for (var reason : reasons.getEnumConstants()) {
      counters.put(reason, counter.apply(reason));
    }
  }

  /**
   * Records a refused request.
   *
   * @param event the event's name in the log
   * @param reason why it was refused
   * @param client whose lines are counted
   * @param address network address of the client, as it is written
   * @param details further members of the line, in this order; values are cleaned, null is empty
   */
  public void record(
      String event,
      R reason,
      ClientBlock client,
      @Nullable String address,
      Map<String, @Nullable String> details) {
    Objects.requireNonNull(counters.get(reason)).increment();
    if (!log.isWarnEnabled() || !lines.admits(reason, client)) {
      return;
    }
    var line = new StringBuilder(256);
    line.append("{\"time\":\"").append(now());
    line.append("\",\"event\":\"").append(event);
    line.append("\",\"reason\":\"").append(code(reason));
    line.append("\",\"client\":\"").append(clean(address));
    details.forEach(
        (name, value) -> line.append("\",\"").append(name).append("\":\"").append(clean(value)));
    log.warn("{}", line.append("\"}"));
  }

  /** Writes the number of lines suppressed since the last call by reason, if there are any. */
  public void summarize() {
    var withheld = lines.takeWithheld();
    if (!withheld.isEmpty()) {
      log.warn(
          "{\"time\":\"{}\",\"event\":\"refusals_not_written\",\"counts\":{{}}}",
          now(),
          withheld.entrySet().stream()
              .map(entry -> "\"" + code(entry.getKey()) + "\":" + entry.getValue())
              .collect(Collectors.joining(",")));
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private static String code(Enum<?> reason) {
    return reason.name().toLowerCase(Locale.ROOT);
  }

  /** Replaces characters that could end the line or the JSON string, and limits the length. */
  static String clean(@Nullable String text) {
    if (text == null) {
      return "";
    }
    var length = Math.min(text.length(), MAX_LENGTH);
    var cleaned = new StringBuilder(length);
    for (var i = 0; i < length; i++) {
      var c = text.charAt(i);
      var plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || ".:_-".indexOf(c) >= 0;
      cleaned.append(plain ? c : '_');
    }
    return cleaned.toString();
  }
}
