/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.password;

import java.util.Objects;
import org.keycloak.models.KeycloakSession;
import org.keycloak.policy.PasswordPolicyManagerProvider;
import org.keycloak.policy.PasswordPolicyManagerProviderFactory;
import rowlock.keycloak.support.StockReplacement;

/** Puts the policy manager before the server's own, which asks the policies. */
public final class CanonicalPolicyManagerFactory
    implements PasswordPolicyManagerProviderFactory,
        StockReplacement<PasswordPolicyManagerProvider> {
  /** The provider id. Never changes: operators' settings name it. */
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
