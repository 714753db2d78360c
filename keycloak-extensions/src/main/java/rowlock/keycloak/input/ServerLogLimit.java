/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.input;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Limits the lines that requests can write into the server's log: {@value #RECORDS} warnings and
 * errors a minute for each logger, {@value #TRACES} of them with a stack trace. The logger {@code
 * rowlock.log} reports the number of omitted lines. Thread-safe.
 */
final class ServerLogLimit implements Filter {
  static final int RECORDS = 60;
  static final int TRACES = 6;

  private static final Logger REPORT = Logger.getLogger("rowlock.log");

  /** The security log has a limit of its own. */
  private static final Set<String> UNLIMITED = Set.of("rowlock.audit", "rowlock.log");

  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final @Nullable Filter next;
  private final LongSupplier nanos;
  private final Map<String, Window> windows = new ConcurrentHashMap<>();

  ServerLogLimit(@Nullable Filter next, LongSupplier nanos) {
    this.next = next;
    this.nanos = nanos;
  }

  /** Adds the limit to every handler of the root logger. Idempotent. */
  static void install() {
    Arrays.stream(Logger.getLogger("").getHandlers())
        .filter(handler -> !(handler.getFilter() instanceof ServerLogLimit))
        .forEach(
            handler ->
                handler.setFilter(new ServerLogLimit(handler.getFilter(), System::nanoTime)));
  }

  @Override
  public boolean isLoggable(LogRecord entry) {
    return (next == null || next.isLoggable(entry)) && admits(entry);
  }

  private boolean admits(LogRecord entry) {
    var logger = String.valueOf(entry.getLoggerName());
    if (entry.getLevel().intValue() < Level.WARNING.intValue() || UNLIMITED.contains(logger)) {
      return true;
    }
    var window = windows.computeIfAbsent(logger, name -> new Window());
    var leftOut = window.takeLeftOut(nanos.getAsLong());
    if (leftOut > 0) {
      REPORT.warning(leftOut + " records of " + logger + " were left out");
    }
    return window.admits(entry);
  }

  private static final class Window {
    private long start;
    private int records;
    private int traces;
    private int leftOut;

    /**
     * Starts a new minute if the current one is over.
     *
     * @return number of records omitted in the previous minute
     */
    synchronized int takeLeftOut(long now) {
      if (records > 0 && now - start < MINUTE) {
        return 0;
      }
      var count = leftOut;
      start = now;
      records = 0;
      traces = 0;
      leftOut = 0;
      return count;
    }

    synchronized boolean admits(LogRecord entry) {
      if (++records > RECORDS) {
        leftOut++;
        return false;
      }
      var thrown = entry.getThrown();
      if (thrown != null && ++traces > TRACES) {
        entry.setThrown(new WithoutTrace(thrown));
      }
      return true;
    }
  }

  /** Replaces an exception whose stack trace is omitted. */
  private static final class WithoutTrace extends Exception {
    private static final long serialVersionUID = 1L;

    WithoutTrace(Throwable thrown) {
      super(thrown.getClass().getName() + ", stack trace left out", null, false, false);
    }
  }
}
