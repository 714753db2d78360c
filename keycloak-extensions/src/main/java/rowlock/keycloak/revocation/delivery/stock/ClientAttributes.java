/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery.stock;

import java.util.List;
import java.util.Objects;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** Finds clients that have an attribute, whatever its value; Keycloak's own search cannot. */
public final class ClientAttributes {
  private ClientAttributes() {}

  /**
   * Returns the clients of a realm that have one of the attributes. Reads an index, not a cache,
   * which could miss a change that another node has just made.
   */
  public static List<ClientModel> clientsWith(
      KeycloakSession session, RealmModel realm, List<String> names) {
    return session
        .getProvider(JpaConnectionProvider.class)
        .getEntityManager()
        .createQuery(
            """
            select distinct a.client.id from ClientAttributeEntity a
            where a.name in :names and a.client.realmId = :realm""",
            String.class)
        .setParameter("names", names)
        .setParameter("realm", realm.getId())
        .getResultList()
        .stream()
        .map(id -> session.clients().getClientById(realm, id))
        .filter(Objects::nonNull)
        .toList();
  }
}
