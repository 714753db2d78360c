/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import java.util.Map;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.provider.ServerInfoAwareProviderFactory;
import org.keycloak.services.resource.RealmResourceProvider;
import org.keycloak.services.resource.RealmResourceProviderFactory;
import rowlock.keycloak.support.ExtensionVersion;

/** Puts {@code rowlock-events} below every realm's address. */
public final class ChangesResourceFactory
    implements RealmResourceProviderFactory, ServerInfoAwareProviderFactory {
  /** The provider id, and part of the address. Never changes: receivers ask there. */
  static final String ID = "rowlock-events";

  @Override
  public RealmResourceProvider create(KeycloakSession session) {
    return new ChangesResource(session);
  }

  @Override
  public String getId() {
    return ID;
  }

  @Override
  public Map<String, String> getOperationalInfo() {
    return ExtensionVersion.asOperationalInfo();
  }

  @Override
  public void init(Config.Scope config) {}

  @Override
  public void postInit(KeycloakSessionFactory factory) {}

  @Override
  public void close() {}
}
