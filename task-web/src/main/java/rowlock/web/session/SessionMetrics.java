/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.stereotype.Component;

/** Metrics of sessions. */
@Component
final class SessionMetrics {
  private final MeterRegistry meters;
  private final Counter begun;
  private final AtomicLong live = new AtomicLong();

  SessionMetrics(MeterRegistry meters) {
    this.meters = meters;
    this.begun =
        Counter.builder("rowlock.web.sessions.begun")
            .description("Sessions that were started")
            .register(meters);
    Gauge.builder("rowlock.web.sessions", live, AtomicLong::get)
        .description("Live sessions of all servers, counted once a minute")
        .register(meters);
  }

  void begun() {
    begun.increment();
  }

  void checked(boolean active) {
    Counter.builder("rowlock.web.sessions.checked")
        .description("Checks of sessions at the issuer, by answer")
        .tag("answer", active ? "active" : "inactive")
        .register(meters)
        .increment();
  }

  void ended(EndReason reason, int count) {
    if (count > 0) {
      Counter.builder("rowlock.web.sessions.ended")
          .description("Sessions that were ended, by reason")
          .tag("reason", reason.code())
          .register(meters)
          .increment(count);
    }
  }

  void live(long count) {
    live.set(count);
  }
}
