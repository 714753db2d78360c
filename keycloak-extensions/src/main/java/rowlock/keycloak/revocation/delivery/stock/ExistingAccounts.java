/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery.stock;

import java.util.Collection;
import java.util.Set;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * Accounts in the server's own table, copies of a directory's included. No directory is asked: it
 * may be down, and one that does not know the user makes the server delete the copy.
 */
public final class ExistingAccounts {
  private ExistingAccounts() {}

  /** Returns those ids that an account has. */
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
