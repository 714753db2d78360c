/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import rowlock.keycloak.support.ClientAttributes;

/**
 * Who is told: a client of the realm that says so in its attributes.
 *
 * @param id internal id of the client
 * @param clientId the audience of its tokens
 * @param push where it wants events pushed; empty for one that fetches them
 * @param timeout for one push, connecting included
 */
record Receiver(String id, String clientId, Optional<URI> push, Duration timeout) {
  static final String PUSH_URL = "rowlock.events.push.url";
  static final String PUSH_TIMEOUT = "rowlock.events.push.timeout-ms";
  static final String POLL = "rowlock.events.poll";

  static final Duration DEFAULT_TIMEOUT = Duration.ofMillis(800);

  /** All receivers of a realm. */
  static List<Receiver> of(KeycloakSession session, RealmModel realm) {
    return ClientAttributes.clientsWith(session, realm, List.of(PUSH_URL, POLL)).stream()
        .flatMap(client -> of(client).stream())
        .toList();
  }

  /** The client as a receiver, if it is one: it must be enabled, and want to hear. */
  static Optional<Receiver> of(ClientModel client) {
    var url = client.getAttribute(PUSH_URL);
    var pushed = url != null && !url.isBlank();
    if (!client.isEnabled() || !pushed && !Boolean.parseBoolean(client.getAttribute(POLL))) {
      return Optional.empty();
    }
    return Optional.of(
        new Receiver(
            client.getId(),
            client.getClientId(),
            pushed ? Optional.of(URI.create(url)) : Optional.empty(),
            DEFAULT_TIMEOUT));
  }
}
