/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.limit;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Logs failures of requests at a limited rate: {@value #LINES} lines a minute for each message,
 * {@value #TRACES} of them with a stack trace. The next line contains the number of suppressed
 * ones. Thread-safe.
 */
public final class FailureLog {
  private static final int LINES = 20;
  private static final int TRACES = 2;

  /** The messages are constants of the program, so there are few. */
  private static final int MAX_MESSAGES = 1_000;

  private static final Duration PERIOD = Duration.ofMinutes(1);

  private final Buckets<String> lines;
  private final Buckets<String> traces;
  private final Map<String, LongAdder> withheld = new ConcurrentHashMap<>();

  /**
   * Creates a log that has written nothing.
   *
   * @param ticker nanoseconds that only ever grow
   */
  public FailureLog(Ticker ticker) {
    this.lines = new Buckets<>(LINES, PERIOD, MAX_MESSAGES, ticker);
    this.traces = new Buckets<>(TRACES, PERIOD, MAX_MESSAGES, ticker);
  }

  /**
   * Writes a warning.
   *
   * @param message a constant
   * @param cause the cause; must not contain data of a request
   */
  public void warn(Logger log, String message, @Nullable String cause) {
    if (lines.take(message)) {
      log.warn("{}{}{}", message, cause == null ? "" : ": " + cause, leftOut(message));
    } else {
      count(message);
    }
  }

  /**
   * Writes an error, with the stack trace while the limit of traces is not reached.
   *
   * @param message a constant
   */
  public void error(Logger log, String message, @Nullable Throwable failure) {
    if (!lines.take(message)) {
      count(message);
    } else if (traces.take(message)) {
      log.error("{}{}", message, leftOut(message), failure);
    } else {
      var type = failure == null ? "" : ": " + failure.getClass().getName();
      log.error("{}{}{}", message, type, leftOut(message));
    }
  }

  private void count(String message) {
    withheld.computeIfAbsent(message, unknown -> new LongAdder()).increment();
  }

  private String leftOut(String message) {
    var adder = withheld.get(message);
    var count = adder == null ? 0 : adder.sumThenReset();
    return count == 0 ? "" : " (" + count + " more were suppressed)";
  }
}
