/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import rowlock.keycloak.revocation.delivery.PushClient.Attempt;
import rowlock.keycloak.revocation.delivery.stock.Outbox;

/**
 * Metrics on the server's own endpoint, by realm and client: {@code rowlock_events_total} by
 * outcome, {@code rowlock_events_pending}, {@code rowlock_events_oldest_seconds} (the lag), {@code
 * rowlock_events_dead_letters}; and {@code rowlock_events_delay_seconds}.
 */
final class DeliveryMetrics {
  private final MeterRegistry registry;
  private final Timer delay;
  private final MultiGauge pending;
  private final MultiGauge oldest;
  private final MultiGauge dead;

  DeliveryMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.delay =
        Timer.builder("rowlock.events.delay")
            .description("Time from a change to the acknowledgement of its receiver")
            .publishPercentileHistogram()
            .register(registry);
    this.pending =
        MultiGauge.builder("rowlock.events.pending")
            .description("Security events that are not delivered yet")
            .register(registry);
    this.oldest =
        MultiGauge.builder("rowlock.events.oldest")
            .description("Age of the oldest security event that is not delivered yet")
            .baseUnit("seconds")
            .register(registry);
    this.dead =
        MultiGauge.builder("rowlock.events.dead.letters")
            .description("Security events that are undelivered and overdue")
            .register(registry);
  }

  /** Counts an attempt by its outcome, and measures the delay of a delivery. */
  void count(Attempt attempt) {
    var message = attempt.push().message();
    var outcome =
        switch (attempt.outcome()) {
          case DELIVERED -> {
            delay.record(Duration.between(message.createdAt(), Instant.now()));
            yield "delivered";
          }
          case REFUSED -> "refused";
          case FAILED -> "unreachable";
          case NOT_TRIED -> "not_tried";
        };
    Counter.builder("rowlock.events")
        .description("Attempts to push a security event, by outcome")
        .tag("outcome", outcome)
        .tag("realm", attempt.push().realm())
        .tag("client_id", attempt.push().receiver().clientId())
        .register(registry)
        .increment();
  }

  /** Replaces the gauges, by realm and client id; a receiver without a backlog is left out. */
  void show(Map<Tags, Outbox.Backlog> backlogs) {
    var now = Instant.now();
    show(pending, backlogs, Outbox.Backlog::pending);
    show(dead, backlogs, Outbox.Backlog::dead);
    show(oldest, backlogs, one -> Duration.between(one.oldest(), now).toMillis() / 1000.0);
  }

  private static void show(
      MultiGauge gauge,
      Map<Tags, Outbox.Backlog> backlogs,
      ToDoubleFunction<Outbox.Backlog> figure) {
    var rows = new ArrayList<MultiGauge.Row<?>>();
    backlogs.forEach(
        (tags, one) -> rows.add(MultiGauge.Row.of(tags, Math.max(0, figure.applyAsDouble(one)))));
    gauge.register(rows, true);
  }
}
