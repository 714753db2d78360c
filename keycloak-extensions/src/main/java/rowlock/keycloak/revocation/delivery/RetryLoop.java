/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.KeycloakSessionTask;
import org.keycloak.models.utils.KeycloakModelUtils;
import rowlock.keycloak.revocation.delivery.stock.Outbox;

/**
 * Retries the messages in the outbox until they are delivered. Each node has such a loop. On a
 * node, a receiver has one worker at a time: its oldest message is sent first, and a receiver that
 * hangs delays no other, as long as fewer than {@value #MAX_WORKERS} hang.
 */
final class RetryLoop {
  private static final Logger log = Logger.getLogger(RetryLoop.class);
  private static final Duration INTERVAL = Duration.ofMillis(500);
  private static final Duration REPORT_INTERVAL = Duration.ofSeconds(5);
  private static final Duration CLEANUP_INTERVAL = Duration.ofMinutes(10);
  private static final int MAX_WORKERS = 16;

  private final RetrySchedule schedule;
  private final EventPusher pusher;

  /** Receivers that have a worker, and whether they were woken since its pass began. */
  private final ConcurrentMap<String, Boolean> busy = new ConcurrentHashMap<>();

  /** Has a thread of its own: receivers that hang delay neither metrics nor dead letters. */
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(RetryLoop::daemon);

  /** Discards work after the stop: the messages stay in the outbox. */
  private final ExecutorService workers =
      new ScheduledThreadPoolExecutor(
          MAX_WORKERS, RetryLoop::daemon, new ThreadPoolExecutor.DiscardPolicy());

  RetryLoop(RetrySchedule schedule, EventPusher pusher) {
    this.schedule = schedule;
    this.pusher = pusher;
  }

  void start(KeycloakSessionFactory factory, OutboxMaintenance maintenance) {
    repeat(factory, this::wakeDue, INTERVAL, INTERVAL);
    repeat(factory, maintenance::report, REPORT_INTERVAL, REPORT_INTERVAL);
    repeat(factory, maintenance::cleanUp, REPORT_INTERVAL, CLEANUP_INTERVAL);
  }

  /** Tries a receiver now, even if it is down; returns at once. */
  void wake(KeycloakSessionFactory factory, Outbox.Due due) {
    if (busy.put(due.receiver(), true) == null) {
      workers.execute(() -> work(factory, due));
    }
  }

  private void wakeDue(KeycloakSession session) {
    new Outbox(session)
        .due().stream()
            .filter(due -> !busy.containsKey(due.receiver()) && schedule.isDue(due.receiver()))
            // the messages of a disabled client are kept
            .filter(due -> Receiver.pushedTo(session, due.realmId(), due.receiver()) != null)
            .forEach(due -> wake(session.getKeycloakSessionFactory(), due));
  }

  private void work(KeycloakSessionFactory factory, Outbox.Due due) {
    busy.put(due.receiver(), false);
    contain(
        () -> {
          var answered = false;
          do {
            answered = pusher.retry(factory, due, answered);
          } while (answered);
        });
    // also after a failure, or the receiver would never be tried again
    if (!busy.remove(due.receiver(), false)) {
      workers.execute(() -> work(factory, due));
    }
  }

  private void repeat(
      KeycloakSessionFactory factory, KeycloakSessionTask task, Duration first, Duration interval) {
    var unused =
        clock.scheduleWithFixedDelay(
            // a task that throws is not repeated
            () -> contain(() -> KeycloakModelUtils.runJobInTransaction(factory, task)),
            first.toMillis(),
            interval.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private static Thread daemon(Runnable task) {
    var thread = new Thread(task, "rowlock-events");
    thread.setDaemon(true);
    return thread;
  }

  /** Runs a part of the delivery. Its failure is logged only: all messages are in the outbox. */
  static void contain(Runnable part) {
    try {
      part.run();
    } catch (RuntimeException | Error e) {
      log.warnf(
          "Delivery of security events failed, they stay in the outbox and are retried: %s", e);
    }
  }

  void stop() {
    clock.shutdownNow();
    workers.shutdownNow();
  }
}
