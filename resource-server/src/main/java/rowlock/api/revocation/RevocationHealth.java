/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import java.util.Locale;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Reports how current the ledger is. Affects readiness only in fail-closed mode. */
final class RevocationHealth implements HealthIndicator {
  private final IssuerLiveness liveness;
  private final Reconciliation reconciliation;

  RevocationHealth(IssuerLiveness liveness, Reconciliation reconciliation) {
    this.liveness = liveness;
    this.reconciliation = reconciliation;
  }

  @Override
  public Health health() {
    var length = liveness.elapsed();
    var health = liveness.closesRequests() ? Health.down() : Health.up();
    return health
        .withDetail("heardOf", length != null)
        .withDetail("silenceSeconds", length == null ? -1 : length.toSeconds())
        .withDetail("silent", liveness.isSilent())
        .withDetail("asking", reconciliation.state().name().toLowerCase(Locale.ROOT))
        .build();
  }
}
