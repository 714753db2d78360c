/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery;

import jakarta.enterprise.context.ContextNotActiveException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.ModelValidationException;
import org.keycloak.models.RealmModel;
import rowlock.keycloak.revocation.delivery.ReceiverSettings.InvalidSetting;
import rowlock.keycloak.revocation.delivery.stock.Outbox;
import rowlock.keycloak.support.RealmIssuer;

/**
 * Delivers security events: one outbox row for each receiver, written in the transaction of the
 * cause, pushed once before the response, and then retried by {@link RetryLoop} until delivered.
 *
 * <p>One instance for each server; thread-safe.
 */
public final class EventDelivery {
  /** Time in which only the node that wrote a message sends it. */
  private static final Duration HEAD_START = Duration.ofSeconds(2);

  /** Maximum number of messages that a request waits for; a signature takes milliseconds. */
  private static final int MAX_PUSHED_AT_ONCE = 100;

  private final DeliveryMetrics metrics = new DeliveryMetrics();
  private final RetrySchedule schedule = new RetrySchedule();
  private final PushTargets targets;
  private final EventPusher pusher;
  private final RetryLoop loop;
  private final Map<String, String> issuers = new ConcurrentHashMap<>();

  /**
   * Creates a delivery that sends nothing yet.
   *
   * @param targets the hosts that events may be pushed to
   */
  public EventDelivery(PushTargets targets) {
    this.targets = targets;
    this.pusher = new EventPusher(schedule, metrics, targets);
    this.loop = new RetryLoop(schedule, pusher);
  }

  /**
   * Starts the retry loop.
   *
   * @param deadLetterAfter time after which an undelivered event is a dead letter
   */
  public void start(KeycloakSessionFactory factory, Duration deadLetterAfter) {
    loop.start(factory, new OutboxMaintenance(metrics, deadLetterAfter));
  }

  /** Stops sending. What is not delivered stays in the outbox. */
  public void stop() {
    loop.stop();
  }

  /** Enlists the transaction that {@link #write} needs, which fails once the commit has begun. */
  public void openProviders(KeycloakSession session) {
    var unused = new Outbox(session);
  }

  /**
   * Validates the settings of a client that is saved, and makes the undelivered events of a push
   * receiver due.
   *
   * @throws ModelValidationException if a setting is invalid; the transaction is rolled back
   */
  public void receiverSaved(KeycloakSession session, ClientModel client) {
    try {
      var target = ReceiverSettings.of(client::getAttribute).pushUrl();
      if (target == null) {
        return;
      }
      if (!targets.mayAllow(target)) {
        throw new InvalidSetting(
            ReceiverSettings.PUSH_URL,
            "is not allowed: the operator of the server must list the target in "
                + PushTargets.OPTION);
      }
      new Outbox(session).makeDue(client.getId());
    } catch (InvalidSetting e) {
      session.getTransactionManager().setRollbackOnly();
      throw new ModelValidationException(e.getMessage());
    }
  }

  /** Deletes the events of a client that is removed, alone or with its realm. */
  public void receiverRemoved(KeycloakSession session, ClientModel client) {
    new Outbox(session).deleteReceiver(client.getId());
  }

  /**
   * Returns the issuer identifier of a realm. Outside of a request, and without a full {@code
   * --hostname}, it is that of the last request.
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
            "Set --hostname to the server's full URL: an event outside of a request must name the issuer",
            e);
      }
      return known;
    }
  }

  /**
   * Writes events for all receivers in the transaction of the session.
   *
   * @param waits whether the request waits for the first push
   * @return the first push, to be run after the commit; it takes 0.9 seconds at most, does not wait
   *     for receivers that are down, and throws nothing
   */
  public Runnable write(
      KeycloakSession session,
      RealmModel realm,
      List<Receiver> receivers,
      List<SecurityEvent> events,
      boolean waits) {
    var realmId = realm.getId();
    var issuer = issuer(session, realm);
    var transaction = UUID.randomUUID().toString();
    var outbox = new Outbox(session);
    var pushed = new ArrayList<Outbox.Message>();
    var woken = new HashSet<Outbox.Due>();
    for (var event : events) {
      var payload = SecurityEventToken.payload(event.claims(issuer, transaction));
      for (var receiver : receivers) {
        if (receiver.push() == null) {
          outbox.add(realmId, receiver.id(), event.type(), payload, null);
          continue;
        }
        var isPushed =
            waits && pushed.size() < MAX_PUSHED_AT_ONCE && !schedule.isDown(receiver.id());
        var next = isPushed ? Instant.now().plus(HEAD_START) : Instant.now();
        var message = outbox.add(realmId, receiver.id(), event.type(), payload, next);
        if (isPushed) {
          pushed.add(message);
        } else {
          woken.add(new Outbox.Due(realmId, receiver.id()));
        }
      }
    }
    var factory = session.getKeycloakSessionFactory();
    // the change is committed and must not look failed
    return () ->
        RetryLoop.contain(
            () -> {
              woken.forEach(due -> loop.wake(factory, due));
              pusher.push(factory, realmId, pushed);
            });
  }
}
