/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import rowlock.keycloak.revocation.delivery.ReceiverSettings.InvalidSetting;
import rowlock.keycloak.revocation.delivery.stock.ClientAttributes;

/**
 * Who is told: a client of the realm that says so in its attributes.
 *
 * @param id internal id of the client
 * @param clientId the audience of its tokens
 * @param push where it wants events pushed; empty for one that fetches them
 * @param timeout for one push, connecting included
 */
public record Receiver(String id, String clientId, Optional<URI> push, Duration timeout) {
  private static final Logger LOG = Logger.getLogger(Receiver.class);

  /** All receivers of a realm. */
  public static List<Receiver> of(KeycloakSession session, RealmModel realm) {
    return ClientAttributes.clientsWith(session, realm, ReceiverSettings.NAMES).stream()
        .flatMap(client -> of(client).stream())
        .toList();
  }

  /** The client as a receiver, if it is one: it must be enabled, and want to hear. */
  static Optional<Receiver> of(ClientModel client) {
    try {
      var settings = ReceiverSettings.of(client::getAttribute);
      return client.isEnabled() && settings.wantsEvents()
          ? Optional.of(
              new Receiver(
                  client.getId(), client.getClientId(), settings.pushUrl(), settings.timeout()))
          : Optional.empty();
    } catch (InvalidSetting e) {
      // can only have got past the check before saving by the database; nobody's logout fails for
      // it
      LOG.errorf(
          "Client %s of realm %s is told nothing: %s",
          client.getClientId(), client.getRealm().getName(), e.getMessage());
      return Optional.empty();
    }
  }
}
