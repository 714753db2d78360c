/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.stock;

import org.jspecify.annotations.Nullable;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * The accounts in Keycloak's own table, including imported users of a directory. No directory is
 * queried: it may be down, and Keycloak deletes an imported user that the directory does not know.
 */
public final class StoredAccounts {
  private StoredAccounts() {}

  /**
   * Returns whether an account is enabled, as the transaction sees it, or null if none has this id.
   */
  public static @Nullable Boolean isEnabled(KeycloakSession session, RealmModel realm, String id) {
    return session
        .getProvider(JpaConnectionProvider.class)
        .getEntityManager()
        .createQuery(
            "select u.enabled from UserEntity u where u.realmId = :realm and u.id = :id",
            Boolean.class)
        .setParameter("realm", realm.getId())
        .setParameter("id", id)
        .getResultStream()
        .findFirst()
        .orElse(null);
  }
}
