/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.password.stock;

import java.util.Map;
import org.keycloak.credential.PasswordCredentialProvider;
import org.keycloak.credential.PasswordCredentialProviderFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.provider.ServerInfoAwareProviderFactory;
import rowlock.keycloak.support.ExtensionVersion;

/**
 * Replaces the factory of the server's own password store. It has the same provider id, because the
 * server requests the provider by that id, and would otherwise verify each password twice.
 */
public final class CanonicalPasswordProviderFactory extends PasswordCredentialProviderFactory
    implements ServerInfoAwareProviderFactory {
  @Override
  public PasswordCredentialProvider create(KeycloakSession session) {
    return new CanonicalPasswordProvider(session, super.create(session));
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
