/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.stock;

import java.util.Optional;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * Accounts in the server's own table, copies of a directory's included. No directory is asked: it
 * may be down, and one that does not know the user makes the server delete the copy.
 */
public final class StoredAccounts {
  private StoredAccounts() {}

  /**
   * Returns whether an account is enabled, as the transaction sees it; empty if none has this id.
   */
  public static Optional<Boolean> isEnabled(KeycloakSession session, RealmModel realm, String id) {
    return session
        .getProvider(JpaConnectionProvider.class)
        .getEntityManager()
        .createQuery(
            "select u.enabled from UserEntity u where u.realmId = :realm and u.id = :id",
            Boolean.class)
        .setParameter("realm", realm.getId())
        .setParameter("id", id)
        .getResultStream()
        .findFirst();
  }
}
