/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import java.util.Objects;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.managers.BruteForceProtector;
import org.keycloak.services.managers.BruteForceProtectorFactory;
import rowlock.keycloak.support.StockReplacement;

/** Puts the protector before the server's own, which does all the counting. */
public final class BrowserTrustingProtectorFactory
    implements BruteForceProtectorFactory, StockReplacement<BruteForceProtector> {
  /** The provider id. Never changes: operators' settings name it. */
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
