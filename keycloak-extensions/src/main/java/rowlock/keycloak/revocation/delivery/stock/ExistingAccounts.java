/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery.stock;

import java.util.Collection;
import java.util.Set;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * The accounts in Keycloak's own table, including imported users of a directory. No directory is
 * queried: it may be down, and Keycloak deletes an imported user that the directory does not know.
 */
public final class ExistingAccounts {
  private ExistingAccounts() {}

  /** Returns those ids for which an account exists. */
  public static Set<String> among(
      KeycloakSession session, RealmModel realm, Collection<String> ids) {
    return Set.copyOf(
        session
            .getProvider(JpaConnectionProvider.class)
            .getEntityManager()
            .createQuery(
                "select u.id from UserEntity u where u.realmId = :realm and u.id in :ids",
                String.class)
            .setParameter("realm", realm.getId())
            .setParameter("ids", ids)
            .getResultList());
  }
}
