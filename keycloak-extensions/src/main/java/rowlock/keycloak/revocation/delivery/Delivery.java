/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery;

import io.micrometer.core.instrument.Metrics;
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
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.ModelValidationException;
import org.keycloak.models.RealmModel;
import rowlock.keycloak.revocation.delivery.ReceiverSettings.InvalidSetting;
import rowlock.keycloak.revocation.delivery.stock.Outbox;
import rowlock.keycloak.revocation.delivery.stock.OutboxUpkeep;
import rowlock.keycloak.support.RealmIssuer;

/**
 * Writes security events into the outbox of each receiver and pushes them after the commit. Events
 * that no request waits for, or that a receiver did not take, are sent in the background. It does
 * not know what causes an event.
 *
 * <p>One for each server; thread-safe after {@link #start}.
 */
public final class Delivery {
  private static final Logger LOG = Logger.getLogger(Delivery.class);

  /** How long the node that wrote a message has it for itself. */
  private static final Duration HEAD_START = Duration.ofSeconds(2);

  /** A signature takes some milliseconds. For more than these no request waits. */
  private static final int MOST_AT_ONCE = 100;

  /** What was given up right after it failed may wait for this long. */
  private static final Duration LONGEST_PAUSE_OF_ALL = Duration.ofDays(1);

  private static final int MOST_REVIVED = 10_000;

  private final DeliveryMetrics metrics = new DeliveryMetrics(Metrics.globalRegistry);
  private final Circuit circuit = new Circuit();
  private final Sender sender = new Sender(circuit, metrics);
  private volatile Drainer drainer;
  private final ConcurrentMap<String, String> issuers = new ConcurrentHashMap<>();

  /**
   * Creates it; sends nothing before {@link #start}.
   *
   * @param deadLetterAfter time after which an event that its receiver does not take is a dead
   *     letter
   */
  public Delivery(Duration deadLetterAfter) {
    drainer = drainer(deadLetterAfter);
  }

  /** Replaces the time after which an event is a dead letter; before {@link #start} only. */
  public void deadLetterAfter(Duration time) {
    drainer = drainer(time);
  }

  private Drainer drainer(Duration deadLetterAfter) {
    return new Drainer(circuit, sender, new Upkeep(circuit, metrics, deadLetterAfter));
  }

  /** Starts sending in the background. */
  public void start(KeycloakSessionFactory factory) {
    drainer.start(factory);
  }

  /** Stops all sending. */
  public void stop() {
    drainer.stop();
  }

  /**
   * Opens what {@link #write} uses. Each provider enlists a transaction of its own when it is made,
   * which fails once the commit has begun.
   */
  public void openProviders(KeycloakSession session) {
    Outbox.open(session);
  }

  /**
   * Checks the settings of a client that is saved; with valid ones of a push receiver, all that
   * waits for it becomes due.
   *
   * @throws ModelValidationException if a setting is invalid; the transaction is rolled back
   */
  public void receiverSaved(KeycloakSession session, ClientModel client) {
    try {
      if (ReceiverSettings.of(client::getAttribute).pushUrl().isPresent()) {
        var outbox = new OutboxUpkeep(session);
        outbox.revive(client.getId(), MOST_REVIVED, Instant.now().plus(LONGEST_PAUSE_OF_ALL));
        outbox.hurry(client.getId());
      }
    } catch (InvalidSetting e) {
      session.getTransactionManager().setRollbackOnly();
      throw new ModelValidationException(e.getMessage());
    }
  }

  /** Forgets what waits for a client that is removed. */
  public void receiverRemoved(KeycloakSession session, ClientModel client) {
    new OutboxUpkeep(session).forgetReceiver(client.getId());
  }

  /** Forgets what waits for the receivers of a realm that is removed. */
  public void realmRemoved(KeycloakSession session, RealmModel realm) {
    new OutboxUpkeep(session).forgetRealm(realm.getId());
  }

  /**
   * What is to be sent after the commit.
   *
   * @param now this node's own for a moment, so that it can send them while the request waits
   * @param soon receivers with messages that any node may take
   */
  private record ToSend(List<Outbox.Message> now, Set<String> soon) implements Written {}

  /** Events that are in the outbox, for {@link #push}. */
  public sealed interface Written permits ToSend {}

  /**
   * The issuer identifier of a realm. Where there is no request, and the server was not told its
   * own address, it is what the last request was for.
   */
  public String issuer(KeycloakSession session, RealmModel realm) {
    try {
      var issuer = RealmIssuer.of(session, realm);
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
  public Written write(
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
    return new ToSend(now, soon);
  }

  /** Sends right after the commit; the request waits only for receivers that have answered. */
  public void push(
      KeycloakSessionFactory factory, String realmId, List<Receiver> receivers, Written written) {
    var toSend = (ToSend) written;
    try {
      toSend.soon().forEach(receiver -> drainer.soon(factory, new Outbox.Due(realmId, receiver)));
      if (!toSend.now().isEmpty()) {
        Map<String, Receiver> byId =
            receivers.stream().collect(Collectors.toMap(Receiver::id, Function.identity()));
        sender.sendNow(factory, realmId, byId, toSend.now());
      }
    } catch (RuntimeException e) {
      // it is committed and must not look as if it were not; the messages go out a little later
      LOG.warnf("Security events go out later: %s", e);
    }
  }
}
