/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.KeycloakModelUtils;
import rowlock.keycloak.support.Outbox;

/** Sends what could not be sent at once, on every node. */
final class Drainer {
  private static final Logger LOG = Logger.getLogger(Drainer.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration LEASE = Duration.ofSeconds(10);
  private static final int BATCH = 50;

  private final Delivery delivery;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          action -> {
            var made = new Thread(action, "rowlock-events-drainer");
            made.setDaemon(true);
            return made;
          });

  Drainer(Delivery delivery) {
    this.delivery = delivery;
  }

  void start(KeycloakSessionFactory factory) {
    thread.scheduleWithFixedDelay(
        () -> tick(factory), INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  void stop() {
    thread.shutdownNow();
    delivery.stop();
  }

  private void tick(KeycloakSessionFactory factory) {
    try {
      drain(factory);
    } catch (RuntimeException e) {
      // the next one may work: the database was away, say
      LOG.warnf("Security events wait in the outbox: %s", e);
    }
  }

  private void drain(KeycloakSessionFactory factory) {
    record Taken(String realmId, Receiver receiver) {}
    var taken = new HashMap<Taken, List<Outbox.Message>>();
    KeycloakModelUtils.runJobInTransaction(
        factory,
        session -> {
          var outbox = new Outbox(session);
          for (var id : outbox.receiversDue()) {
            for (var message : outbox.take(id, BATCH, LEASE)) {
              var realm = session.realms().getRealm(message.realmId());
              var client = realm == null ? null : realm.getClientById(id);
              if (client != null) {
                Receiver.of(client)
                    .ifPresent(
                        receiver ->
                            taken
                                .computeIfAbsent(
                                    new Taken(message.realmId(), receiver),
                                    key -> new ArrayList<>())
                                .add(message));
              }
            }
          }
        });
    taken.forEach(
        (to, messages) -> delivery.push(factory, to.realmId(), List.of(to.receiver()), messages));
  }
}
