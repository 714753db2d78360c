/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import java.util.Objects;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.managers.BruteForceProtector;
import org.keycloak.services.managers.BruteForceProtectorFactory;
import rowlock.keycloak.support.StockReplacement;

/** Registers the protector in place of the server's own, to which it delegates. */
public final class BrowserTrustingProtectorFactory
    implements BruteForceProtectorFactory, StockReplacement<BruteForceProtector> {
  /** The provider id. Must not change: operators' settings name it. */
  static final String ID = "rowlock-browser-trusting";

  private static final String STOCK = "default-brute-force-detector";

  @Override
  public BruteForceProtector create(KeycloakSession session) {
    return new BrowserTrustingProtector(
        session,
        Objects.requireNonNull(session.getProvider(BruteForceProtector.class, STOCK), STOCK));
  }

  @Override
  public String getId() {
    return ID;
  }
}
