/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Set;
import org.jboss.logging.Logger;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import rowlock.keycloak.revocation.delivery.DeliveryMetrics.Waiting;
import rowlock.keycloak.revocation.delivery.stock.OutboxUpkeep;
import rowlock.keycloak.support.JsonLine;

/** What is done every few seconds: figures, messages that nobody takes, and forgetting. */
final class Upkeep {
  static final Duration INTERVAL = Duration.ofSeconds(5);

  private static final Logger AUDIT = Logger.getLogger("rowlock.audit");

  private static final Duration BETWEEN_REVIVALS = Duration.ofMinutes(1);
  private static final int REVIVED_AT_ONCE = 20;

  /** As long as the receiver takes nothing, its dead letters need no more than a sign of life. */
  private static final int REVIVED_FOR_A_TRY = 1;

  private static final Duration BETWEEN_CLEANUPS = Duration.ofMinutes(10);

  /** Shorter makes no sense: a receiver may have been restored from a copy of an hour ago. */
  private static final Duration LEAST_KEPT = Duration.ofHours(1);

  private static final Duration BEYOND_TOKENS = Duration.ofMinutes(5);

  /** A receiver that has lost one of these is wrong about the account for ever. */
  private static final Set<String> OF_ACCOUNTS =
      Set.of(
          SecurityEvent.ACCOUNT_PURGED,
          SecurityEvent.ACCOUNT_DISABLED,
          SecurityEvent.ACCOUNT_ENABLED);

  private static final Duration OF_ACCOUNTS_KEPT = Duration.ofDays(90);

  /** About tokens that expire. */
  private static final Set<String> OF_TOKENS =
      Set.of(SecurityEvent.SESSION_REVOKED, SecurityEvent.CREDENTIAL_CHANGE);

  private final Circuit circuit;
  private final DeliveryMetrics metrics;
  private final Duration givenUpAfter;
  private Instant nextCleanup = Instant.now();

  /**
   * Makes it.
   *
   * @param givenUpAfter a message that nobody takes for so long is a dead letter
   */
  Upkeep(Circuit circuit, DeliveryMetrics metrics, Duration givenUpAfter) {
    this.circuit = circuit;
    this.metrics = metrics;
    this.givenUpAfter = givenUpAfter;
  }

  void run(KeycloakSessionFactory factory) {
    KeycloakModelUtils.runJobInTransaction(factory, this::lookAfter);
    if (Instant.now().isAfter(nextCleanup)) {
      nextCleanup = Instant.now().plus(BETWEEN_CLEANUPS);
      KeycloakModelUtils.runJobInTransaction(factory, this::forget);
    }
  }

  private void lookAfter(KeycloakSession session) {
    var outbox = new OutboxUpkeep(session);
    var figures = new ArrayList<Waiting>();
    var now = Instant.now();
    var limit = now.minus(givenUpAfter);
    for (var waiting : outbox.waiting(limit)) {
      var realm = session.realms().getRealm(waiting.realmId());
      var client = realm == null ? null : realm.getClientById(waiting.receiver());
      if (realm == null || client == null) {
        outbox.forgetReceiver(waiting.receiver());
        continue;
      }
      var one =
          new Waiting(
              realm.getName(),
              client.getClientId(),
              waiting.count() - waiting.old(),
              waiting.old(),
              waiting.oldest());
      figures.add(one);
      if (waiting.old() > 0) {
        var count = outbox.giveUp(waiting.receiver(), limit);
        if (count > 0) {
          tell(realm, client.getClientId(), count);
        }
        var most = circuit.isOpen(waiting.receiver()) ? REVIVED_FOR_A_TRY : REVIVED_AT_ONCE;
        outbox.revive(waiting.receiver(), most, now.minus(BETWEEN_REVIVALS));
      }
    }
    metrics.waiting(figures);
  }

  /** In the security log, in its form: an API goes on taking tokens that it should not. */
  private static void tell(RealmModel realm, String clientId, int count) {
    AUDIT.warn(
        new JsonLine()
            .id("ts", Instant.now().toString())
            .id("kind", "delivery")
            .id("event", "SECURITY_EVENT_DEAD_LETTER")
            .id("outcome", "failure")
            .text("realm", realm.getName())
            .text("client_id", clientId)
            .id("count", String.valueOf(count))
            .toString());
  }

  private void forget(KeycloakSession session) {
    var outbox = new OutboxUpkeep(session);
    var now = Instant.now();
    session
        .realms()
        .getRealmsStream()
        .forEach(
            realm -> {
              var kept = kept(realm);
              outbox.forget(realm.getId(), now.minus(kept), OF_ACCOUNTS);
              outbox.forget(realm.getId(), now.minus(OF_ACCOUNTS_KEPT), Set.of(""));
              // not before it was told to be a dead letter
              var waits = givenUpAfter.plus(LEAST_KEPT);
              outbox.forgetWaiting(
                  realm.getId(), now.minus(waits.compareTo(kept) > 0 ? waits : kept), OF_TOKENS);
            });
  }

  /** Longer than any token lives that a forgotten message was about. */
  private static Duration kept(RealmModel realm) {
    var longest =
        realm
            .getClientsStream()
            .map(client -> client.getAttribute("access.token.lifespan"))
            .filter(value -> value != null && value.matches("[0-9]{1,9}"))
            .mapToLong(Long::parseLong)
            .reduce(
                Math.max(
                    realm.getAccessTokenLifespan(), realm.getAccessTokenLifespanForImplicitFlow()),
                Math::max);
    var beyond = Duration.ofSeconds(longest).plus(BEYOND_TOKENS);
    return beyond.compareTo(LEAST_KEPT) > 0 ? beyond : LEAST_KEPT;
  }
}
