/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
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
 * @param push the URL to push to; null if it only polls
 * @param timeout for a push that a request waits for, connecting included
 */
public record Receiver(String id, String clientId, @Nullable URI push, Duration timeout) {
  private static final Logger log = Logger.getLogger(Receiver.class);

  /** Returns all receivers of a realm. */
  public static List<Receiver> of(KeycloakSession session, RealmModel realm) {
    return ClientAttributes.clientsWith(session, realm, ReceiverSettings.NAMES).stream()
        .flatMap(client -> Stream.ofNullable(of(client)))
        .toList();
  }

  /** Returns the client as a receiver, or null if it is missing, disabled or not pushed to. */
  static @Nullable Receiver pushedTo(KeycloakSession session, String realmId, String id) {
    var realm = session.realms().getRealm(realmId);
    var receiver = realm == null ? null : of(realm.getClientById(id));
    return receiver == null || receiver.push() == null ? null : receiver;
  }

  /** Returns the client as a receiver, or null if it is missing, disabled or not one. */
  static @Nullable Receiver of(@Nullable ClientModel client) {
    if (client == null || !client.isEnabled()) {
      return null;
    }
    try {
      var settings = ReceiverSettings.of(client::getAttribute);
      return settings.isReceiver()
          ? new Receiver(
              client.getId(), client.getClientId(), settings.pushUrl(), settings.timeout())
          : null;
    } catch (InvalidSetting e) {
      // saving the client validates them, so this was changed in the database; no logout fails
      log.errorf(
          "Client %s of realm %s gets no security events: invalid setting: %s",
          client.getClientId(), client.getRealm().getName(), e.getMessage());
      return null;
    }
  }
}
