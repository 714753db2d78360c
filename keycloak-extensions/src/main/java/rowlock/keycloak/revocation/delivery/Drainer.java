/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.KeycloakModelUtils;
import rowlock.keycloak.revocation.delivery.stock.Outbox;
import rowlock.keycloak.revocation.delivery.stock.OutboxUpkeep;

/**
 * Sends what no request waits for. Every node does; a message that one has taken, the others pass
 * over. On a node each receiver has one worker at a time, so that one that hangs holds up nobody
 * else. As long as a receiver does not answer, it gets a single message now and then, whatever
 * waits for it; when it takes one, it gets all.
 */
final class Drainer {
  private static final Logger LOG = Logger.getLogger(Drainer.class);
  private static final Duration INTERVAL = Duration.ofMillis(500);

  /** Longer than one batch can take, and what a killed node holds up. */
  private static final Duration LEASE = Duration.ofSeconds(15);

  private static final int BATCH = 50;
  private static final int WORKERS = 16;

  private final Circuit circuit;
  private final Sender sender;
  private final Upkeep upkeep;

  /** Receivers with a worker, and whether there is something new for them since it looked. */
  private final ConcurrentMap<String, Boolean> busy = new ConcurrentHashMap<>();

  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(daemons("rowlock-events-drainer"));
  private final ExecutorService workers =
      Executors.newFixedThreadPool(WORKERS, daemons("rowlock-events-worker"));

  Drainer(Circuit circuit, Sender sender, Upkeep upkeep) {
    this.circuit = circuit;
    this.sender = sender;
    this.upkeep = upkeep;
  }

  /** Messages for one receiver. */
  private record Batch(Receiver receiver, List<Outbox.Message> messages) {}

  void start(KeycloakSessionFactory factory) {
    repeat(() -> sendAllDue(factory), INTERVAL);
    repeat(() -> upkeep.run(factory), Upkeep.INTERVAL);
  }

  /** Something new is committed for a receiver. Comes back at once. */
  void soon(KeycloakSessionFactory factory, Outbox.Due due) {
    if (busy.put(due.receiver(), true) == null) {
      workers.execute(() -> work(factory, due));
    }
  }

  private void sendAllDue(KeycloakSessionFactory factory) {
    var all =
        KeycloakModelUtils.runJobInTransactionWithResult(
            factory, session -> new Outbox(session).receiversDue());
    for (var due : all) {
      if (busy.putIfAbsent(due.receiver(), false) == null) {
        workers.execute(() -> work(factory, due));
      }
    }
  }

  private void work(KeycloakSessionFactory factory, Outbox.Due due) {
    var isNew = Boolean.TRUE.equals(busy.replace(due.receiver(), false));
    try {
      safely(() -> send(factory, due, isNew));
    } finally {
      // after an error too, or nothing would ever be sent to this receiver again
      if (!busy.remove(due.receiver(), false)) {
        // behind the others, who wait for a thread
        workers.execute(() -> work(factory, due));
      }
    }
  }

  private void send(KeycloakSessionFactory factory, Outbox.Due due, boolean newestFirst) {
    var goesOn = true;
    while (goesOn) {
      var tries = circuit.isOpen(due.receiver());
      var most = tries ? 1 : BATCH;
      var taken =
          KeycloakModelUtils.runJobInTransactionWithResult(
              factory, session -> take(session, due, most, newestFirst));
      taken.ifPresent(
          batch -> sender.sendAgain(factory, due.realmId(), batch.receiver(), batch.messages()));
      goesOn =
          taken.filter(batch -> tries || batch.messages().size() == BATCH).isPresent()
              && !circuit.isOpen(due.receiver());
    }
  }

  private Optional<Batch> take(
      KeycloakSession session, Outbox.Due due, int most, boolean newestFirst) {
    var realm = session.realms().getRealm(due.realmId());
    var client = realm == null ? null : realm.getClientById(due.receiver());
    if (client == null) {
      new OutboxUpkeep(session).forgetReceiver(due.receiver());
      circuit.answered(due.receiver());
      return Optional.empty();
    }
    // for one that wants to hear nothing now, what there is is kept
    return Receiver.of(client)
        .filter(receiver -> receiver.push().isPresent())
        .map(
            receiver ->
                new Batch(
                    receiver, new Outbox(session).take(due.receiver(), most, LEASE, newestFirst)))
        .filter(batch -> !batch.messages().isEmpty());
  }

  private void repeat(Runnable task, Duration interval) {
    var millis = interval.toMillis();
    var unused =
        clock.scheduleWithFixedDelay(() -> safely(task), millis, millis, TimeUnit.MILLISECONDS);
  }

  /** A task that throws is not run again; these must be: the database was away, say. */
  private static void safely(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.warnf("Security events wait in the outbox and are tried again: %s", e);
    }
  }

  private static ThreadFactory daemons(String name) {
    return action -> {
      var thread = new Thread(action, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  void stop() {
    clock.shutdownNow();
    workers.shutdownNow();
    sender.stop();
  }
}
