/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.password;

import java.util.Objects;
import org.keycloak.models.KeycloakSession;
import org.keycloak.policy.PasswordPolicyManagerProvider;
import org.keycloak.policy.PasswordPolicyManagerProviderFactory;
import rowlock.keycloak.support.StockReplacement;

/** Registers the policy manager in place of the server's own, to which it delegates. */
public final class CanonicalPolicyManagerFactory
    implements PasswordPolicyManagerProviderFactory,
        StockReplacement<PasswordPolicyManagerProvider> {
  /** The provider id. Must not change: operators' settings name it. */
  static final String ID = "rowlock-canonical";

  private static final String STOCK = "default";

  @Override
  public PasswordPolicyManagerProvider create(KeycloakSession session) {
    return new CanonicalPolicyManager(
        Objects.requireNonNull(
            session.getProvider(PasswordPolicyManagerProvider.class, STOCK), STOCK));
  }

  @Override
  public String getId() {
    return ID;
  }
}
