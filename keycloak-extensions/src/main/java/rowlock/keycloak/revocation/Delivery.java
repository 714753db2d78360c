/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import jakarta.enterprise.context.ContextNotActiveException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import rowlock.keycloak.support.Outbox;
import rowlock.keycloak.support.UserSessions;

/** Writes messages into the outbox, and sees to it that they go out as soon as they are there. */
final class Delivery {
  private static final Logger LOG = Logger.getLogger(Delivery.class);

  /** How long the node that wrote a message has it for itself. */
  private static final Duration HEAD_START = Duration.ofSeconds(2);

  /** A signature takes some milliseconds. For more than these no request waits. */
  private static final int MOST_AT_ONCE = 100;

  private final Circuit circuit;
  private final Sender sender;
  private final Drainer drainer;
  private final ConcurrentMap<String, String> issuers = new ConcurrentHashMap<>();

  Delivery(Circuit circuit, Sender sender, Drainer drainer) {
    this.circuit = circuit;
    this.sender = sender;
    this.drainer = drainer;
  }

  /**
   * What is to be sent after the commit.
   *
   * @param now this node's own for a moment, so that it can send them while the request waits
   * @param soon receivers with messages that any node may take
   */
  record Written(List<Outbox.Message> now, Set<String> soon) {}

  /**
   * The issuer identifier of a realm. Where there is no request, and the server was not told its
   * own address, it is what the last request was for.
   */
  String issuer(KeycloakSession session, RealmModel realm) {
    try {
      var issuer = UserSessions.issuer(session, realm);
      issuers.put(realm.getId(), issuer);
      return issuer;
    } catch (ContextNotActiveException e) {
      var known = issuers.get(realm.getId());
      if (known == null) {
        throw new IllegalStateException(
            "Set --hostname to the server's full address: an event outside of a request has to name the issuer",
            e);
      }
      return known;
    }
  }

  /**
   * Writes events for all receivers, in the transaction of the session.
   *
   * @param waits whether somebody waits until they are pushed
   */
  Written write(
      KeycloakSession session,
      RealmModel realm,
      List<Receiver> receivers,
      List<SecurityEvent> events,
      boolean waits) {
    var issuer = issuer(session, realm);
    var transaction = UUID.randomUUID().toString();
    var outbox = new Outbox(session);
    var now = new ArrayList<Outbox.Message>();
    var soon = new HashSet<String>();
    for (var event : events) {
      var payload = SecurityEventToken.payload(event.claims(issuer, transaction));
      for (var receiver : receivers) {
        var held = waits && now.size() < MOST_AT_ONCE && !circuit.isOpen(receiver.id());
        var first = held ? Instant.now().plus(HEAD_START) : Instant.now();
        var attempt = receiver.push().map(url -> first);
        var message = outbox.add(realm.getId(), receiver.id(), event.type(), payload, attempt);
        if (attempt.isPresent() && held) {
          now.add(message);
        } else if (attempt.isPresent()) {
          soon.add(receiver.id());
        }
      }
    }
    return new Written(now, soon);
  }

  /** Sends right after the commit; the request waits only for receivers that have answered. */
  void push(
      KeycloakSessionFactory factory, String realmId, List<Receiver> receivers, Written written) {
    try {
      written.soon().forEach(receiver -> drainer.soon(factory, new Outbox.Due(realmId, receiver)));
      if (!written.now().isEmpty()) {
        Map<String, Receiver> byId =
            receivers.stream().collect(Collectors.toMap(Receiver::id, Function.identity()));
        sender.sendNow(factory, realmId, byId, written.now());
      }
    } catch (RuntimeException e) {
      // it is committed and must not look as if it were not; the messages go out a little later
      LOG.warnf("Security events go out later: %s", e);
    }
  }
}
