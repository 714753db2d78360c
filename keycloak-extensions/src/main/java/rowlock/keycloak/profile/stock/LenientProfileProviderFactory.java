/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.profile.stock;

import java.util.Map;
import org.keycloak.models.KeycloakSession;
import org.keycloak.provider.ServerInfoAwareProviderFactory;
import org.keycloak.userprofile.DeclarativeUserProfileProvider;
import org.keycloak.userprofile.DeclarativeUserProfileProviderFactory;
import rowlock.keycloak.support.ExtensionVersion;

/**
 * Replaces the factory of the server's own user profile. It has the same provider id, because
 * realms name it in their components.
 */
public final class LenientProfileProviderFactory extends DeclarativeUserProfileProviderFactory
    implements ServerInfoAwareProviderFactory {
  @Override
  public DeclarativeUserProfileProvider create(KeycloakSession session) {
    return new LenientProfileProvider(session, this);
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
