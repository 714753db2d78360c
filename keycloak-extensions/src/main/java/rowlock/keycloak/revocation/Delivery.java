/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import jakarta.enterprise.context.ContextNotActiveException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import rowlock.keycloak.revocation.Courier.Outcome;
import rowlock.keycloak.revocation.Courier.Result;
import rowlock.keycloak.revocation.Courier.Sending;
import rowlock.keycloak.support.Outbox;
import rowlock.keycloak.support.UserSessions;

/** Writes messages into the outbox, and brings them to their receivers. */
final class Delivery {
  /** How long the node that wrote a message has it for itself. */
  static final Duration HEAD_START = Duration.ofSeconds(2);

  private static final Logger LOG = Logger.getLogger(Delivery.class);

  /** What a request may wait for all receivers together. */
  private static final Duration LONGEST_WAIT = Duration.ofMillis(900);

  /** A signature takes some milliseconds. More sessions than that nobody ends every day. */
  private static final int MOST_AT_ONCE = 100;

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final Duration LONGEST_PAUSE_OF_REFUSED = Duration.ofMinutes(5);

  private final Courier requests;
  private final Courier background;
  private final Circuit circuit = new Circuit(System::nanoTime);
  private final DeliveryMetrics metrics;
  private final ConcurrentMap<String, String> issuers = new ConcurrentHashMap<>();

  Delivery(DeliveryMetrics metrics) {
    var http = new HttpPush();
    this.requests = new Courier(http, 32, "rowlock-events");
    this.background = new Courier(http, 8, "rowlock-events-again");
    this.metrics = metrics;
  }

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
   * @return those that are pushed
   */
  List<Outbox.Message> write(
      KeycloakSession session,
      RealmModel realm,
      List<Receiver> receivers,
      List<SecurityEvent> events,
      Duration headStart) {
    var issuer = issuer(session, realm);
    var transaction = UUID.randomUUID().toString();
    var first = Instant.now().plus(headStart);
    var outbox = new Outbox(session);
    var pushed = new ArrayList<Outbox.Message>();
    for (var event : events) {
      var payload = SecurityEventToken.payload(event.claims(issuer, transaction));
      for (var receiver : receivers) {
        var attempt = receiver.push().map(url -> first);
        var message = outbox.add(realm.getId(), receiver.id(), event.type(), payload, attempt);
        if (attempt.isPresent()) {
          pushed.add(message);
        }
      }
    }
    return pushed;
  }

  /** Sends right after the commit, to all receivers in parallel, while the request waits. */
  void push(
      KeycloakSessionFactory factory,
      String realmId,
      List<Receiver> receivers,
      List<Outbox.Message> messages) {
    Map<String, Receiver> byId =
        receivers.stream().collect(Collectors.toMap(Receiver::id, Function.identity()));
    var allowed = new HashMap<String, Boolean>();
    var now =
        messages.stream()
            .filter(one -> allowed.computeIfAbsent(one.receiver(), circuit::allows))
            .limit(MOST_AT_ONCE)
            .toList();
    if (now.isEmpty()) {
      return;
    }
    try {
      send(factory, realmId, byId, now, requests, Optional.of(LONGEST_WAIT));
    } catch (RuntimeException e) {
      // it is committed and must not look as if it were not; the messages go out a little later
      LOG.warnf("Security events go out later: %s", e);
    }
  }

  /** Sends what was left, with all the time it takes. */
  void sendAgain(
      KeycloakSessionFactory factory,
      String realmId,
      Receiver receiver,
      List<Outbox.Message> messages) {
    send(factory, realmId, Map.of(receiver.id(), receiver), messages, background, Optional.empty());
  }

  private void send(
      KeycloakSessionFactory factory,
      String realmId,
      Map<String, Receiver> receivers,
      List<Outbox.Message> messages,
      Courier courier,
      Optional<Duration> limit) {
    KeycloakModelUtils.runJobInTransaction(
        factory,
        session -> {
          var realm = session.realms().getRealm(realmId);
          if (realm == null) {
            return;
          }
          session.getContext().setRealm(realm);
          var sendings = new ArrayList<Sending>();
          for (var message : messages) {
            var receiver = receivers.get(message.receiver());
            if (receiver != null) {
              var token = SecurityEventToken.sign(session, realm, message, receiver.clientId());
              sendings.add(new Sending(message, receiver, token));
            }
          }
          var results = courier.send(sendings, limit);
          record(new Outbox(session), realm, sendings, results);
        });
  }

  private void record(
      Outbox outbox, RealmModel realm, List<Sending> sendings, List<Result> results) {
    var delivered = new ArrayList<String>();
    var failing = new HashMap<String, Instant>();
    var answering = new HashSet<String>();
    for (var i = 0; i < sendings.size(); i++) {
      var message = sendings.get(i).message();
      var receiver = sendings.get(i).receiver();
      var result = results.get(i);
      metrics.count(result.outcome(), realm.getName(), receiver.clientId());
      switch (result.outcome()) {
        case DELIVERED -> {
          delivered.add(message.id());
          metrics.took(Duration.between(message.createdAt(), Instant.now()));
          answering.add(receiver.id());
        }
        case REFUSED -> {
          outbox.failed(message.id(), after(message, LONGEST_PAUSE_OF_REFUSED), result.error());
          answering.add(receiver.id());
        }
        case UNREACHABLE -> {
          var next = after(message, LONGEST_PAUSE);
          outbox.failed(message.id(), next, result.error());
          failing.merge(receiver.id(), next, (one, other) -> one.isAfter(other) ? one : other);
        }
      }
      if (result.outcome() != Outcome.DELIVERED) {
        LOG.debugf(
            "Client %s of realm %s has not taken event %s: %s",
            receiver.clientId(), realm.getName(), message.messageId(), result.error());
      }
    }
    outbox.delivered(delivered);
    answering.stream().filter(id -> !failing.containsKey(id)).forEach(circuit::answered);
    failing.forEach(
        (id, next) -> {
          circuit.failed(id);
          outbox.postpone(id, next);
        });
  }

  /** One second after the first failure, then twice as long each time, up to a limit. */
  private static Instant after(Outbox.Message message, Duration longest) {
    var seconds = 1L << Math.min(message.attempts(), 20);
    return Instant.now().plusSeconds(Math.min(seconds, longest.toSeconds()));
  }

  void stop() {
    requests.stop();
    background.stop();
  }
}
