/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.browser;

import java.util.Map;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.provider.ServerInfoAwareProviderFactory;
import org.keycloak.services.resource.RealmResourceProvider;
import org.keycloak.services.resource.RealmResourceProviderFactory;
import rowlock.keycloak.support.ExtensionVersion;

/** Makes the page {@code /realms/<realm>/rowlock-end-session}. */
public final class EndSessionPageFactory
    implements RealmResourceProviderFactory, ServerInfoAwareProviderFactory {
  /** The provider id, and the page's path. Never changes: mails carry it. */
  static final String ID = "rowlock-end-session";

  @Override
  public RealmResourceProvider create(KeycloakSession session) {
    return new RealmResourceProvider() {
      @Override
      public Object getResource() {
        return new EndSessionPage(session);
      }

      @Override
      public void close() {}
    };
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
