/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import java.time.Duration;
import java.util.Locale;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Reports how current the ledger is. Affects readiness only in fail-closed mode. */
final class RevocationHealth implements HealthIndicator {

  private final IssuerLiveness silence;
  private final Reconciliation reconciliation;

  RevocationHealth(IssuerLiveness silence, Reconciliation reconciliation) {
    this.silence = silence;
    this.reconciliation = reconciliation;
  }

  @Override
  public Health health() {
    Duration length = silence.length();
    Health.Builder health = silence.closes() ? Health.down() : Health.up();
    return health
        .withDetail("heardOf", length != null)
        .withDetail("silenceSeconds", length == null ? -1 : length.toSeconds())
        .withDetail("silent", silence.isTooLong())
        .withDetail("asking", reconciliation.state().name().toLowerCase(Locale.ROOT))
        .build();
  }
}
