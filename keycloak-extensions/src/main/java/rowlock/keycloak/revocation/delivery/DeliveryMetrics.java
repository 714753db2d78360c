/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery;

import static io.micrometer.core.instrument.Metrics.globalRegistry;
import static java.time.temporal.ChronoUnit.MILLIS;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import rowlock.keycloak.revocation.delivery.PushClient.Attempt;
import rowlock.keycloak.revocation.delivery.stock.Outbox.Backlog;

/**
 * Metrics on the server's own endpoint, by realm and client: {@code rowlock_events_total} by
 * outcome, {@code rowlock_events_pending}, {@code rowlock_events_oldest_seconds} (the lag), {@code
 * rowlock_events_dead_letters}; and {@code rowlock_events_delay_seconds}.
 */
final class DeliveryMetrics {
  private final MeterProvider<Counter> attempts =
      Counter.builder("rowlock.events")
          .description("Attempts to push a security event, by outcome")
          .withRegistry(globalRegistry);
  private final Timer delay =
      Timer.builder("rowlock.events.delay")
          .description("Time from a change to the acknowledgement of its receiver")
          .publishPercentileHistogram()
          .register(globalRegistry);
  private final MultiGauge pending =
      MultiGauge.builder("rowlock.events.pending")
          .description("Security events that are not delivered yet")
          .register(globalRegistry);
  private final MultiGauge oldest =
      MultiGauge.builder("rowlock.events.oldest")
          .description("Age of the oldest security event that is not delivered yet")
          .baseUnit("seconds")
          .register(globalRegistry);
  private final MultiGauge dead =
      MultiGauge.builder("rowlock.events.dead.letters")
          .description("Security events that are undelivered and overdue")
          .register(globalRegistry);

  /** Counts an attempt by its outcome, and measures the delay of a delivery. */
  void count(Attempt attempt) {
    var push = attempt.push();
    var outcome =
        switch (attempt.outcome()) {
          case DELIVERED -> {
            delay.record(Duration.between(push.message().createdAt(), Instant.now()));
            yield "delivered";
          }
          case REFUSED -> "refused";
          case FAILED -> "unreachable";
          case BLOCKED -> "blocked";
          case NOT_TRIED -> "not_tried";
        };
    attempts
        .withTags(
            "outcome", outcome, "realm", push.realm(), "client_id", push.receiver().clientId())
        .increment();
  }

  /** Replaces the gauges, by realm and client id; a receiver without a backlog is left out. */
  void show(Map<Tags, Backlog> backlogs) {
    var now = Instant.now();
    show(pending, backlogs, Backlog::pending);
    show(dead, backlogs, Backlog::dead);
    // a clock of another node may be ahead
    show(oldest, backlogs, one -> Math.max(0, one.oldest().until(now, MILLIS) / 1000.0));
  }

  private static void show(
      MultiGauge gauge, Map<Tags, Backlog> backlogs, ToDoubleFunction<Backlog> figure) {
    var rows = new ArrayList<MultiGauge.Row<?>>();
    backlogs.forEach((tags, one) -> rows.add(MultiGauge.Row.of(tags, one, figure)));
    gauge.register(rows, true);
  }
}
