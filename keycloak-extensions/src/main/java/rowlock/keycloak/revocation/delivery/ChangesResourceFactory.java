/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery;

import org.keycloak.models.KeycloakSession;
import org.keycloak.services.resource.RealmResourceProvider;
import org.keycloak.services.resource.RealmResourceProviderFactory;
import rowlock.keycloak.support.ExtensionFactory;

/** Provides {@link ChangesResource} below the URL of every realm. */
public final class ChangesResourceFactory
    implements RealmResourceProviderFactory, ExtensionFactory<RealmResourceProvider> {
  /** The provider id and part of the URL. Never changes: receivers poll there. */
  static final String ID = "rowlock-events";

  @Override
  public RealmResourceProvider create(KeycloakSession session) {
    return new ChangesResource(session);
  }

  @Override
  public String getId() {
    return ID;
  }
}
