/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import io.micrometer.core.instrument.Metrics;
import java.time.Duration;
import org.keycloak.common.util.Time;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.refresh.RefreshTokenProvider;
import org.keycloak.protocol.oidc.refresh.RefreshTokenProviderFactory;
import rowlock.keycloak.support.StockReplacement;

/**
 * Registers the provider in place of the server's own. The client's policy decides which of them
 * answers.
 */
public final class GraceRefreshTokenProviderFactory
    implements RefreshTokenProviderFactory, StockReplacement<RefreshTokenProvider> {
  /** The provider id. Must not change: operators' settings name it. */
  static final String ID = "rowlock-grace";

  /** Longer than hundreds of requests of one family take. */
  private static final Duration MAX_WAIT = Duration.ofSeconds(30);

  private final TokenFamilyQueue queue = new TokenFamilyQueue(MAX_WAIT, Time::currentTimeMillis);
  private final RotationMetrics metrics = new RotationMetrics(Metrics.globalRegistry);

  @Override
  public RefreshTokenProvider create(KeycloakSession session) {
    return new GraceRefreshTokenProvider(session, queue, metrics);
  }

  @Override
  public String getId() {
    return ID;
  }
}
