/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.KeycloakModelUtils;
import rowlock.keycloak.revocation.delivery.Courier.Outcome;
import rowlock.keycloak.revocation.delivery.Courier.Result;
import rowlock.keycloak.revocation.delivery.Courier.Sending;
import rowlock.keycloak.revocation.delivery.stock.Outbox;
import rowlock.keycloak.revocation.delivery.stock.OutboxUpkeep;

/**
 * Signs messages, sends them, and writes down what became of them. While a receiver is waited for,
 * no transaction is open.
 */
final class Sender {
  private static final Logger LOG = Logger.getLogger(Sender.class);

  /** What a request may wait for all receivers together. */
  private static final Duration LONGEST_WAIT = Duration.ofMillis(900);

  /** For one push that nobody waits for: a receiver may have much to erase. */
  private static final Duration TIMEOUT_AGAIN = Duration.ofSeconds(8);

  /**
   * A receiver that answers drop by drop holds nothing up for longer. Below {@link Drainer}'s
   * lease.
   */
  private static final Duration LONGEST_WAIT_AGAIN = Duration.ofSeconds(10);

  /** Who is back is noticed as soon; see {@link Drainer} for how little it is asked meanwhile. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private static final Duration LONGEST_PAUSE_OF_REFUSED = Duration.ofMinutes(5);

  /** Of one that is not taken though others are; longer than what {@link #isBack} hurries. */
  private static final Duration SHORTEST_PAUSE_OF_UNWANTED = Duration.ofSeconds(4);

  private static final Duration LONGEST_PAUSE_OF_UNWANTED = Duration.ofMinutes(1);
  private static final Duration PAUSE_OF_NOT_TRIED = Duration.ofMillis(500);
  private static final int MOST_REVIVED = 10_000;

  private final Circuit circuit;
  private final Unwanted unwanted = new Unwanted();
  private final DeliveryMetrics metrics;
  private final Courier requests;
  private final Courier background;

  Sender(Circuit circuit, DeliveryMetrics metrics) {
    var http = new HttpPush();
    this.circuit = circuit;
    this.metrics = metrics;
    this.requests = new Courier(http, 32, "rowlock-events");
    this.background = new Courier(http, 16, "rowlock-events-again");
  }

  /** What is on its way, of one realm. */
  private record Sendings(String realmName, List<Sending> all) {}

  /** Sends while a request waits, to all receivers in parallel. */
  void sendNow(
      KeycloakSessionFactory factory,
      String realmId,
      Map<String, Receiver> receivers,
      List<Outbox.Message> messages) {
    send(factory, realmId, receivers, messages, requests, LONGEST_WAIT, Receiver::timeout);
  }

  /** Sends while nobody waits. */
  void sendAgain(
      KeycloakSessionFactory factory,
      String realmId,
      Receiver receiver,
      List<Outbox.Message> messages) {
    var receivers = Map.of(receiver.id(), receiver);
    send(
        factory,
        realmId,
        receivers,
        messages,
        background,
        LONGEST_WAIT_AGAIN,
        anyone -> TIMEOUT_AGAIN);
  }

  private void send(
      KeycloakSessionFactory factory,
      String realmId,
      Map<String, Receiver> receivers,
      List<Outbox.Message> messages,
      Courier courier,
      Duration limit,
      Function<Receiver, Duration> timeout) {
    var begun = System.nanoTime();
    var signed =
        KeycloakModelUtils.runJobInTransactionWithResult(
            factory, session -> sign(session, realmId, receivers, messages));
    if (!signed.all().isEmpty()) {
      var left = limit.minusNanos(System.nanoTime() - begun);
      var results = courier.send(signed.all(), left, timeout);
      KeycloakModelUtils.runJobInTransaction(factory, session -> record(session, signed, results));
    }
  }

  private static Sendings sign(
      KeycloakSession session,
      String realmId,
      Map<String, Receiver> receivers,
      List<Outbox.Message> messages) {
    var realm = session.realms().getRealm(realmId);
    if (realm == null) {
      return new Sendings("", List.of());
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
    return new Sendings(realm.getName(), sendings);
  }

  private void record(KeycloakSession session, Sendings sendings, List<Result> results) {
    var outbox = new Outbox(session);
    var delivered = new ArrayList<String>();
    var failing = new HashSet<String>();
    var answering = new HashSet<String>();
    var taking = takers(sendings, results);
    for (var i = 0; i < results.size(); i++) {
      var message = sendings.all().get(i).message();
      var receiver = sendings.all().get(i).receiver();
      var result = results.get(i);
      metrics.count(result.outcome(), sendings.realmName(), receiver.clientId());
      switch (result.outcome()) {
        case DELIVERED -> {
          delivered.add(message.id());
          metrics.took(Duration.between(message.createdAt(), Instant.now()));
          unwanted.taken(receiver.id(), message.id());
          answering.add(receiver.id());
        }
        case REFUSED -> {
          outbox.failed(message.id(), after(message, LONGEST_PAUSE_OF_REFUSED), result.error());
          answering.add(receiver.id());
        }
        case FAILED, UNREACHABLE -> {
          var tookOthers = result.outcome() == Outcome.FAILED && taking.contains(receiver.id());
          if (unwanted.isIt(receiver.id(), message.id(), tookOthers)) {
            outbox.failed(message.id(), afterUnwanted(message), result.error());
          } else {
            outbox.failed(message.id(), after(message, LONGEST_PAUSE), result.error());
            failing.add(receiver.id());
          }
        }
        case NOT_TRIED -> outbox.putBack(message.id(), Instant.now().plus(PAUSE_OF_NOT_TRIED));
      }
      if (result.outcome() != Outcome.DELIVERED) {
        LOG.debugf(
            "Client %s of realm %s has not taken event %s: %s",
            receiver.clientId(), sendings.realmName(), message.messageId(), result.error());
      }
    }
    outbox.delivered(delivered);
    failing.forEach(circuit::failed);
    answering.removeAll(failing);
    answering.stream().filter(circuit::answered).forEach(id -> isBack(session, id));
  }

  private static Set<String> takers(Sendings sendings, List<Result> results) {
    return IntStream.range(0, results.size())
        .filter(i -> results.get(i).outcome() == Outcome.DELIVERED)
        .mapToObj(i -> sendings.all().get(i).receiver().id())
        .collect(Collectors.toSet());
  }

  /** What waited for a receiver that answers again need not wait any more. */
  private static void isBack(KeycloakSession session, String receiver) {
    var outbox = new OutboxUpkeep(session);
    outbox.hurryTried(receiver, LONGEST_PAUSE);
    outbox.revive(receiver, MOST_REVIVED, Instant.now().plus(LONGEST_PAUSE));
  }

  /** One second after the first failure, then twice as long each time, up to a limit. */
  private static Instant after(Outbox.Message message, Duration longest) {
    var seconds = 1L << Math.min(message.attempts(), 20);
    return Instant.now().plusSeconds(Math.min(seconds, longest.toSeconds()));
  }

  private static Instant afterUnwanted(Outbox.Message message) {
    var next = after(message, LONGEST_PAUSE_OF_UNWANTED);
    var earliest = Instant.now().plus(SHORTEST_PAUSE_OF_UNWANTED);
    return next.isAfter(earliest) ? next : earliest;
  }

  void stop() {
    requests.stop();
    background.stop();
  }
}
