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
 * A receiver of security events: a client with {@link ReceiverSettings}.
 *
 * @param id internal id of the client
 * @param clientId the audience of its tokens
 * @param push the URL to push to; empty if it only polls
 * @param timeout for a push that a request waits for, connecting included
 */
public record Receiver(String id, String clientId, Optional<URI> push, Duration timeout) {
  private static final Logger log = Logger.getLogger(Receiver.class);

  /** Returns all receivers of a realm. */
  public static List<Receiver> of(KeycloakSession session, RealmModel realm) {
    return ClientAttributes.clientsWith(session, realm, ReceiverSettings.NAMES).stream()
        .flatMap(client -> of(client).stream())
        .toList();
  }

  /** Returns the client as a receiver; empty if it is disabled or is not one. */
  static Optional<Receiver> of(ClientModel client) {
    try {
      var settings = ReceiverSettings.of(client::getAttribute);
      return client.isEnabled() && settings.isReceiver()
          ? Optional.of(
              new Receiver(
                  client.getId(), client.getClientId(), settings.pushUrl(), settings.timeout()))
          : Optional.empty();
    } catch (InvalidSetting e) {
      // saving the client validates them, so this was changed in the database; no logout fails
      log.errorf(
          "Client %s of realm %s gets no security events: invalid setting: %s",
          client.getClientId(), client.getRealm().getName(), e.getMessage());
      return Optional.empty();
    }
  }
}
