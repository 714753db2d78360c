/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.KeycloakModelUtils;
import rowlock.keycloak.revocation.delivery.PushClient.Attempt;
import rowlock.keycloak.revocation.delivery.PushClient.Outcome;
import rowlock.keycloak.revocation.delivery.PushClient.Push;
import rowlock.keycloak.revocation.delivery.stock.Outbox;

/**
 * Makes one pass over messages: signs them, pushes them, and records the outcomes. No transaction
 * is open while a receiver is waited for.
 */
final class EventPusher {
  private static final Logger log = Logger.getLogger(EventPusher.class);

  /** Maximum time that a request waits for all receivers together. */
  private static final Duration MAX_REQUEST_WAIT = Duration.ofMillis(900);

  /** For one retry, for which no request waits: a receiver may have much to erase. */
  private static final Duration RETRY_TIMEOUT = Duration.ofSeconds(8);

  /** No retry of a pass starts later, so that the last one ends within the lease. */
  private static final Duration LAST_RETRY = Duration.ofSeconds(5);

  /** The messages of a node that is killed during a pass wait for as long. */
  private static final Duration LEASE = Duration.ofSeconds(15);

  private static final int MAX_RETRIES = 50;
  private static final int MAX_FAILURES = 2;

  private final RetrySchedule schedule;
  private final DeliveryMetrics metrics;
  private final PushClient client;

  /** The clients whose blocked targets were logged since they last answered. */
  private final Set<String> blocked = ConcurrentHashMap.newKeySet();

  EventPusher(RetrySchedule schedule, DeliveryMetrics metrics, PushTargets targets) {
    this.schedule = schedule;
    this.metrics = metrics;
    this.client = new PushClient(targets);
  }

  /** Pushes messages of a realm for the first time, in parallel, while the request waits. */
  void push(KeycloakSessionFactory factory, String realmId, List<Outbox.Message> messages) {
    if (messages.isEmpty()) {
      return;
    }
    var start = System.nanoTime();
    var pushes = sign(factory, realmId, messages);
    var left = MAX_REQUEST_WAIT.minusNanos(System.nanoTime() - start);
    var started =
        pushes.stream()
            .map(one -> client.push(one, Collections.min(List.of(left, one.receiver().timeout()))))
            .toList();
    record(factory, started.stream().map(CompletableFuture::join).toList(), false);
  }

  /**
   * Retries messages that are due, one after the other: the oldest first, poison messages last, or
   * a single one if the receiver is down. Stops after two failures in a row.
   *
   * @param answered whether the preceding pass returned true
   * @return whether the receiver answered the last message, so that the rest can follow at once
   */
  boolean retry(KeycloakSessionFactory factory, Outbox.Due due, boolean answered) {
    var isDown = schedule.isDown(due.receiver());
    var max = isDown ? 1 : MAX_RETRIES;
    // the lease is committed before signing: a row that cannot be signed waits until it ends
    var taken =
        KeycloakModelUtils.runJobInTransactionWithResult(
            factory, session -> new Outbox(session).take(due.receiver(), max, LEASE, isDown));
    var pushes = sign(factory, due.realmId(), taken);
    var start = System.nanoTime();
    var attempts = new ArrayList<Attempt>();
    var failures = 0;
    for (var push : pushes) {
      if (failures < MAX_FAILURES && System.nanoTime() - start < LAST_RETRY.toNanos()) {
        var attempt = client.push(push, RETRY_TIMEOUT).join();
        failures = attempt.isFailed() ? failures + 1 : 0;
        attempts.add(attempt);
      } else {
        attempts.add(push.notTried());
      }
    }
    record(factory, attempts, answered);
    return !attempts.isEmpty() && failures == 0;
  }

  /** Leaves out messages to clients that are no longer pushed to. */
  private static List<Push> sign(
      KeycloakSessionFactory factory, String realmId, List<Outbox.Message> messages) {
    return KeycloakModelUtils.runJobInTransactionWithResult(
        factory,
        session -> {
          var pushes = new ArrayList<Push>();
          var realm = session.realms().getRealm(realmId);
          if (realm == null) {
            return pushes;
          }
          session.getContext().setRealm(realm);
          for (var message : messages) {
            var receiver = Receiver.pushedTo(session, realmId, message.receiver());
            if (receiver != null) {
              var token = SecurityEventToken.sign(session, realm, message, receiver.clientId());
              pushes.add(new Push(realm.getName(), message, receiver, token));
            }
          }
          return pushes;
        });
  }

  private void record(KeycloakSessionFactory factory, List<Attempt> attempts, boolean answered) {
    attempts.forEach(metrics::count);
    attempts.forEach(this::report);
    attempts.stream()
        .filter(Attempt::isAnswered)
        .map(Attempt::receiver)
        .forEach(schedule::answered);
    KeycloakModelUtils.runJobInTransaction(
        factory,
        session -> {
          var outbox = new Outbox(session);
          outbox.delivered(ids(attempts, Outcome.DELIVERED));
          outbox.release(ids(attempts, Outcome.NOT_TRIED));
          var answeredSince = new HashSet<String>();
          for (var i = attempts.size() - 1; i >= 0; i--) {
            var attempt = attempts.get(i);
            if (attempt.isAnswered()) {
              answeredSince.add(attempt.receiver());
            }
            if (attempt.outcome() == Outcome.REFUSED || attempt.isFailed()) {
              var since = answeredSince.contains(attempt.receiver());
              retryLater(outbox, attempt, schedule.isPoison(attempt, answered, since));
            }
          }
        });
  }

  /** Logs a blocked target once: its messages are retried each second. */
  private void report(Attempt attempt) {
    if (attempt.isAnswered()) {
      blocked.remove(attempt.receiver());
    } else if (attempt.outcome() == Outcome.BLOCKED && blocked.add(attempt.receiver())) {
      log.errorf(
          "Push to client=%s realm=%s blocked: the target is not in %s; its events wait in the outbox",
          attempt.push().receiver().clientId(), attempt.push().realm(), PushTargets.OPTION);
    }
  }

  /** Schedules a poison message by itself; any other is due as soon as its receiver is. */
  private void retryLater(Outbox outbox, Attempt attempt, boolean isPoison) {
    var push = attempt.push();
    var message = push.message();
    if (!isPoison) {
      schedule.failed(attempt.receiver());
    }
    var pause = isPoison ? RetrySchedule.pause(attempt) : Duration.ZERO;
    var next = isPoison ? "retry in " + pause.toSeconds() + " s" : "receiver unavailable";
    outbox.retry(
        message.id(),
        RetrySchedule.attempts(message, isPoison),
        Instant.now().plus(pause),
        attempt.error());
    log.debugf(
        "Push of event=%s to client=%s realm=%s failed: %s; %s",
        message.messageId(), push.receiver().clientId(), push.realm(), attempt.error(), next);
  }

  private static List<String> ids(List<Attempt> attempts, Outcome outcome) {
    return attempts.stream()
        .filter(attempt -> attempt.outcome() == outcome)
        .map(attempt -> attempt.push().message().id())
        .toList();
  }
}
