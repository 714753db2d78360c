/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.password;

import java.util.Map;
import org.keycloak.models.KeycloakSession;
import org.keycloak.policy.LengthPasswordPolicyProviderFactory;
import org.keycloak.policy.PasswordPolicyProvider;
import org.keycloak.provider.ServerInfoAwareProviderFactory;
import rowlock.keycloak.support.ExtensionVersion;

/** Replaces the server's own policy {@code length}, under its id. */
public final class MinimumLengthFactory extends LengthPasswordPolicyProviderFactory
    implements ServerInfoAwareProviderFactory {

  @Override
  public PasswordPolicyProvider create(KeycloakSession session) {
    return new CodePointLength(super.create(session));
  }

  @Override
  public int order() {
    return 100;
  }

  @Override
  public Map<String, String> getOperationalInfo() {
    return ExtensionVersion.asOperationalInfo();
  }
}
