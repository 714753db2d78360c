/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.time.Clock;
import java.time.Duration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Reports whether keys are available. Part of readiness: without keys no token can be verified. */
final class IssuerKeysHealth implements HealthIndicator {
  private final IssuerKeys keys;
  private final Clock clock;

  IssuerKeysHealth(IssuerKeys keys, Clock clock) {
    this.keys = keys;
    this.clock = clock;
  }

  @Override
  public Health health() {
    var set = keys.usable();
    if (set == null) {
      return Health.down().withDetail("keys", 0).build();
    }
    return Health.up()
        .withDetail("keys", set.keys().size())
        .withDetail("ageSeconds", Duration.between(set.fetchedAt(), clock.instant()).toSeconds())
        .build();
  }
}
