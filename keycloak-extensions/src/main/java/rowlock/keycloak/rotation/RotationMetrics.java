/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import rowlock.keycloak.rotation.RotationRules.Decision;

/**
 * Metrics on the server's own endpoint: {@code rowlock_refresh_total} by outcome, realm and client,
 * and {@code rowlock_refresh_wait_seconds}, the time spent waiting for other refreshes of the same
 * family.
 */
final class RotationMetrics {
  private final MeterRegistry registry;
  private final Timer wait;

  RotationMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.wait =
        Timer.builder("rowlock.refresh.wait")
            .description(
                "Time spent waiting for other refreshes of the same token family on this node")
            .register(registry);
  }

  void waited(Duration time) {
    wait.record(time);
  }

  void count(Decision decision, String realm, String clientId) {
    var outcome =
        switch (decision) {
          case ROTATE -> "rotated";
          case REPLAY -> "replayed";
          case CONFLICT -> "refused";
          case REUSE -> "reuse";
        };
    Counter.builder("rowlock.refresh")
        .description("Refreshes of clients with the policy, by outcome")
        .tag("outcome", outcome)
        .tag("realm", realm)
        .tag("client_id", clientId)
        .register(registry)
        .increment();
  }
}
