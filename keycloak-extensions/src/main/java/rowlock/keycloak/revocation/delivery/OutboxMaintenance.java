/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery;

import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import rowlock.keycloak.revocation.delivery.stock.Outbox;
import rowlock.keycloak.support.JsonLine;

/** Updates the metrics of the outbox, reports dead letters, and deletes old messages. */
final class OutboxMaintenance {
  private static final Logger AUDIT = Logger.getLogger("rowlock.audit");

  /** A receiver may have been restored from an hour-old backup, and polls from there. */
  private static final Duration MIN_RETENTION = Duration.ofHours(1);

  private static final Duration BEYOND_TOKENS = Duration.ofMinutes(5);
  private static final Duration ACCOUNT_RETENTION = Duration.ofDays(90);

  /** Kept until delivered: without one, a receiver is permanently wrong about the account. */
  private static final Set<String> ABOUT_ACCOUNTS =
      Set.of(
          SecurityEvent.ACCOUNT_PURGED,
          SecurityEvent.ACCOUNT_DISABLED,
          SecurityEvent.ACCOUNT_ENABLED);

  /** Useless when the tokens that they are about have expired. */
  private static final Set<String> ABOUT_TOKENS =
      Set.of(SecurityEvent.SESSION_REVOKED, SecurityEvent.CREDENTIAL_CHANGE);

  private final DeliveryMetrics metrics;
  private final Duration deadLetterAfter;

  OutboxMaintenance(DeliveryMetrics metrics, Duration deadLetterAfter) {
    this.metrics = metrics;
    this.deadLetterAfter = deadLetterAfter;
  }

  /** Updates the metrics of the outbox, and reports new dead letters. */
  void report(KeycloakSession session) {
    var outbox = new Outbox(session);
    var shown = new HashMap<Tags, Outbox.Backlog>();
    var overdue = Instant.now().minus(deadLetterAfter);
    for (var backlog : outbox.backlogs(overdue)) {
      var realm = session.realms().getRealm(backlog.realmId());
      var client = realm == null ? null : realm.getClientById(backlog.receiver());
      if (client == null) {
        outbox.deleteReceiver(backlog.receiver());
        continue;
      }
      var realmName = client.getRealm().getName();
      shown.put(Tags.of("realm", realmName, "client_id", client.getClientId()), backlog);
      var count = outbox.markDeadLetters(backlog.receiver(), overdue);
      if (count > 0) {
        // in the security log: the receiver accepts tokens that were revoked
        AUDIT.warn(
            new JsonLine()
                .id("ts", Instant.now().toString())
                .id("kind", "delivery")
                .id("event", "SECURITY_EVENT_DEAD_LETTER")
                .id("outcome", "failure")
                .text("realm", realmName)
                .text("client_id", client.getClientId())
                .id("count", String.valueOf(count))
                .toString());
      }
    }
    metrics.show(shown);
  }

  /** Deletes old messages, those that wait not before they were reported as dead letters. */
  void cleanUp(KeycloakSession session) {
    report(session);
    var outbox = new Outbox(session);
    var now = Instant.now();
    for (var realm : session.realms().getRealmsStream().toList()) {
      var kept = tokenRetention(realm);
      var waits = Collections.max(List.of(deadLetterAfter.plus(MIN_RETENTION), kept));
      outbox.delete(realm.getId(), false, now.minus(kept), ABOUT_TOKENS);
      outbox.delete(realm.getId(), true, now.minus(waits), ABOUT_TOKENS);
      outbox.delete(realm.getId(), false, now.minus(ACCOUNT_RETENTION), ABOUT_ACCOUNTS);
    }
  }

  /** Longer than any access token lives. */
  private static Duration tokenRetention(RealmModel realm) {
    var ofRealm =
        Math.max(realm.getAccessTokenLifespan(), realm.getAccessTokenLifespanForImplicitFlow());
    var seconds =
        realm
            .getClientsStream()
            .map(client -> client.getAttribute("access.token.lifespan"))
            .filter(value -> value != null && value.matches("[0-9]{1,9}"))
            .mapToLong(Long::parseLong)
            .reduce(ofRealm, Math::max);
    return Collections.max(List.of(MIN_RETENTION, Duration.ofSeconds(seconds).plus(BEYOND_TOKENS)));
  }
}
