/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.browser;

import org.keycloak.models.KeycloakSession;
import org.keycloak.services.resource.RealmResourceProvider;
import org.keycloak.services.resource.RealmResourceProviderFactory;
import rowlock.keycloak.support.ExtensionFactory;

/** Creates the page {@code /realms/<realm>/rowlock-end-session}. */
public final class EndSessionPageFactory
    implements RealmResourceProviderFactory, ExtensionFactory<RealmResourceProvider> {
  /** The provider id, and the page's path. Must not change: mails contain it. */
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
}
