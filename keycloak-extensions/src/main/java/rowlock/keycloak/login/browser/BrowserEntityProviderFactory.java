/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.browser;

import java.util.List;
import org.keycloak.connections.jpa.entityprovider.JpaEntityProvider;
import org.keycloak.connections.jpa.entityprovider.JpaEntityProviderFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel.RealmRemovedEvent;
import org.keycloak.models.UserModel.UserRemovedEvent;
import org.keycloak.provider.ProviderEvent;
import rowlock.keycloak.support.ExtensionFactory;

/** Creates the table at the server's start, and deletes the rows of a deleted account. */
public final class BrowserEntityProviderFactory
    implements JpaEntityProviderFactory, ExtensionFactory<JpaEntityProvider> {
  /** The provider id. Must not change: the name of the table of migrations is derived from it. */
  static final String ID = "known-browsers-rowlock";

  private static final String CHANGELOG = "rowlock/keycloak/login/browser/changelog.xml";

  @Override
  public JpaEntityProvider create(KeycloakSession session) {
    return new BrowserEntityProvider();
  }

  @Override
  public void postInit(KeycloakSessionFactory factory) {
    factory.register(BrowserEntityProviderFactory::onProviderEvent);
  }

  /** Runs in the transaction of the deletion. */
  private static void onProviderEvent(ProviderEvent event) {
    if (event instanceof UserRemovedEvent removed) {
      KnownBrowsers.table(removed.getKeycloakSession())
          .eraseUser(removed.getRealm().getId(), removed.getUser().getId());
    } else if (event instanceof RealmRemovedEvent removed) {
      KnownBrowsers.table(removed.getKeycloakSession()).eraseRealm(removed.getRealm().getId());
    }
  }

  @Override
  public String getId() {
    return ID;
  }

  private static final class BrowserEntityProvider implements JpaEntityProvider {
    /** Returns no entities: the table is accessed by plain SQL. */
    @Override
    public List<Class<?>> getEntities() {
      return List.of();
    }

    @Override
    public String getChangelogLocation() {
      return CHANGELOG;
    }

    @Override
    public String getFactoryId() {
      return ID;
    }

    @Override
    public void close() {}
  }
}
