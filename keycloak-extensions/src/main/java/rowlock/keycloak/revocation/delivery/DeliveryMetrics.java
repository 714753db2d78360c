/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import rowlock.keycloak.revocation.delivery.Courier.Outcome;

/**
 * How well receivers are told, on the server's own metrics endpoint, by realm and client: {@code
 * rowlock_events_total} by outcome, {@code rowlock_events_pending}, {@code
 * rowlock_events_oldest_seconds} (the lag), {@code rowlock_events_dead_letters}; and {@code
 * rowlock_events_delay_seconds}, from the change to the receiver's answer.
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
            .description("From a change to the receiver's acknowledgement")
            .publishPercentileHistogram()
            .register(registry);
    this.pending =
        MultiGauge.builder("rowlock.events.pending")
            .description("Security events that a receiver does not have yet")
            .register(registry);
    this.oldest =
        MultiGauge.builder("rowlock.events.oldest")
            .description("Age of the oldest security event that a receiver does not have yet")
            .baseUnit("seconds")
            .register(registry);
    this.dead =
        MultiGauge.builder("rowlock.events.dead.letters")
            .description("Security events that a receiver has not taken for very long")
            .register(registry);
  }

  /**
   * What waits for a receiver.
   *
   * @param realm name of the realm
   * @param clientId of the receiver
   * @param pending how many are to be sent
   * @param dead how many have waited for longer than a message should
   * @param oldest when the oldest of all was written
   */
  record Waiting(String realm, String clientId, long pending, long dead, Instant oldest) {
    private Tags tags() {
      return Tags.of("realm", realm, "client_id", clientId);
    }
  }

  void count(Outcome outcome, String realm, String clientId) {
    var name =
        switch (outcome) {
          case DELIVERED -> "delivered";
          case REFUSED -> "refused";
          case FAILED, UNREACHABLE -> "unreachable";
          case NOT_TRIED -> "not_tried";
        };
    Counter.builder("rowlock.events")
        .description("Attempts to push a security event, by what became of them")
        .tag("outcome", name)
        .tag("realm", realm)
        .tag("client_id", clientId)
        .register(registry)
        .increment();
  }

  void took(Duration time) {
    delay.record(time);
  }

  /** Replaces the figures of what waits; for who is not named nothing waits. */
  void waiting(List<Waiting> all) {
    var now = Instant.now();
    pending.register(
        all.stream().map(one -> MultiGauge.Row.of(one.tags(), one.pending())).toList(), true);
    dead.register(
        all.stream().map(one -> MultiGauge.Row.of(one.tags(), one.dead())).toList(), true);
    oldest.register(
        all.stream()
            .map(
                one ->
                    MultiGauge.Row.of(
                        one.tags(),
                        Math.max(0, Duration.between(one.oldest(), now).toMillis() / 1000.0)))
            .toList(),
        true);
  }
}
