/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.KeycloakModelUtils;
import rowlock.keycloak.support.Outbox;
import rowlock.keycloak.support.OutboxUpkeep;

/**
 * Sends what could not be sent at once. Every node does; a message that one has taken, the others
 * pass over.
 */
final class Drainer {
  private static final Logger LOG = Logger.getLogger(Drainer.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  /** Longer than one batch can take, and what a killed node holds up. */
  private static final Duration LEASE = Duration.ofSeconds(15);

  /** A client that does not want to hear for the moment may want to again. */
  private static final Duration PAUSE_OF_UNWILLING = Duration.ofMinutes(1);

  private static final int BATCH = 50;

  private final Delivery delivery;
  private final Upkeep upkeep;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          action -> {
            var made = new Thread(action, "rowlock-events-drainer");
            made.setDaemon(true);
            return made;
          });

  Drainer(Delivery delivery, Upkeep upkeep) {
    this.delivery = delivery;
    this.upkeep = upkeep;
  }

  /** Messages of one realm for one receiver. */
  private record Batch(String realmId, Receiver receiver, List<Outbox.Message> messages) {}

  void start(KeycloakSessionFactory factory) {
    repeat(() -> drain(factory), INTERVAL);
    repeat(() -> upkeep.run(factory), Upkeep.INTERVAL);
  }

  private void repeat(Runnable task, Duration interval) {
    var millis = interval.toMillis();
    var unused =
        thread.scheduleWithFixedDelay(() -> safely(task), millis, millis, TimeUnit.MILLISECONDS);
  }

  void stop() {
    thread.shutdownNow();
    delivery.stop();
  }

  /** A task that throws is not run again; this one must be: the database was away, say. */
  private static void safely(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.warnf("Security events wait in the outbox and are tried again: %s", e);
    }
  }

  private void drain(KeycloakSessionFactory factory) {
    List<Batch> batches;
    do {
      batches = KeycloakModelUtils.runJobInTransactionWithResult(factory, Drainer::take);
      for (var batch : batches) {
        delivery.sendAgain(factory, batch.realmId(), batch.receiver(), batch.messages());
      }
      // a receiver that does not answer has put off what is left
    } while (batches.stream().anyMatch(batch -> batch.messages().size() == BATCH));
  }

  private static List<Batch> take(KeycloakSession session) {
    var outbox = new Outbox(session);
    var batches = new ArrayList<Batch>();
    for (var id : outbox.receiversDue()) {
      var messages = outbox.take(id, BATCH, LEASE);
      if (messages.isEmpty()) {
        continue;
      }
      var realmId = messages.get(0).realmId();
      var realm = session.realms().getRealm(realmId);
      var client = realm == null ? null : realm.getClientById(id);
      if (client == null) {
        new OutboxUpkeep(session).forgetReceiver(id);
        continue;
      }
      var receiver = Receiver.of(client).filter(one -> one.push().isPresent());
      if (receiver.isPresent()) {
        batches.add(new Batch(realmId, receiver.get(), messages));
      } else {
        var next = Instant.now().plus(PAUSE_OF_UNWILLING);
        messages.forEach(
            message -> outbox.failed(message.id(), next, "the client wants no events"));
        outbox.postpone(id, next);
      }
    }
    return batches;
  }
}
