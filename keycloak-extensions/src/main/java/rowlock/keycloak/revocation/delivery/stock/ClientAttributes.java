/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery.stock;

import java.util.List;
import java.util.Objects;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** Finds clients by what the server's own search cannot: that an attribute is there at all. */
public final class ClientAttributes {
  private ClientAttributes() {}

  /**
   * The clients of a realm that have one of the attributes. One query by an index, no cache that
   * another node's change could leave behind.
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
