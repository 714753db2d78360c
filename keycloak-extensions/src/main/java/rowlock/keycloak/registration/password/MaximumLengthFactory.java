/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.password;

import org.keycloak.models.KeycloakSession;
import org.keycloak.policy.MaximumLengthPasswordPolicyProviderFactory;
import org.keycloak.policy.PasswordPolicyProvider;
import rowlock.keycloak.support.StockReplacement;

/** Replaces the server's own policy {@code maxLength}, under its id. */
public final class MaximumLengthFactory extends MaximumLengthPasswordPolicyProviderFactory
    implements StockReplacement<PasswordPolicyProvider> {
  @Override
  public PasswordPolicyProvider create(KeycloakSession session) {
    return new CodePointLength(super.create(session));
  }
}
