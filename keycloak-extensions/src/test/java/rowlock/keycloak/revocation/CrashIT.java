/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import rowlock.keycloak.ExtensionServer;
import rowlock.keycloak.revocation.EventReceiver.Answer;
import rowlock.local.keycloak.KeycloakServer;
import rowlock.local.postgres.PostgresServer;
import rowlock.local.testing.TestServers;

/** Nodes that are killed, dead letters, and retention. */
@Tag("thorough")
class CrashIT {
  private static final String[] API = {"realm=\"revocation\"", "client_id=\"api\""};
  private static final Duration LIMIT = Duration.ofSeconds(150);

  private static PostgresServer postgres;
  private static KeycloakServer server;
  private static RevocationRealm realm;
  private static EventReceiver receiver;

  @BeforeAll
  static void start() {
    var wanted =
        ExtensionServer.spec(RevocationRealm.REALM)
            .withOptions("--spi-events-listener--rowlock-revocation--dead-letter-after-seconds=3");
    postgres = TestServers.newKeycloakPostgres(wanted);
    server = TestServers.newKeycloak(wanted, postgres);
    realm = new RevocationRealm(server);
    receiver = new EventReceiver(server, RevocationRealm.REALM);
    save();
  }

  @AfterAll
  static void stop() {
    receiver.close();
    server.close();
    postgres.close();
  }

  /** A test may have ended with a receiver that is down, for which no logout waits. */
  @BeforeEach
  void waitUntilReceiverIsUp() {
    receiver.answers(Answer.status(202));
    var person = realm.person();
    realm.logout("app", realm.login("app", person));
    receiver.awaitEvent(one -> one.user().equals(person.id()));
  }

  @Test
  void nodeKilledDuringPush_eventIsDeliveredAfterRestart() throws Exception {
    var person = realm.person();
    var login = realm.login("app", person);
    var begun = new CountDownLatch(1);
    var released = new CountDownLatch(1);
    receiver.answers(
        exchange -> {
          begun.countDown();
          return Answer.status(503, released).to(exchange);
        });
    try (var threads = Executors.newSingleThreadExecutor()) {
      var logout = threads.submit(() -> realm.logout("app", login));
      begun.await();
      server.kill();
      receiver.answers(Answer.status(202));
      released.countDown();
      assertThat(logout).failsWithin(Duration.ofSeconds(30));
    }
    assertThat(receiver.about(person.id())).isEmpty();

    server.restart();

    receiver.awaitEvent(one -> one.session().equals(login.sessionId()));
    assertThat(realm.lives("app", login)).isFalse();
    assertThat(receiver.times().values()).containsOnly(1L);
  }

  @Test
  void deadLetter_receiverUpAgain_isDelivered() {
    var person = deadLetter();

    receiver.answers(Answer.status(202));

    await().atMost(LIMIT).until(() -> receiver.about(person.id()).size() == 1);
    await().atMost(LIMIT).until(() -> realm.metric("rowlock_events_dead_letters", API) == 0);
  }

  @Test
  void deadLetter_receiverSaved_isDeliveredAtOnce() throws Exception {
    var person = deadLetter();
    await().atMost(LIMIT).until(() -> count(person, "status = 'DEAD_LETTER'") == 1);
    // the next attempt is later than the test
    sql(
        "update outbox_entry set next_attempt_at = now() + interval '2 minutes'"
            + " where status = 'DEAD_LETTER'");
    receiver.answers(Answer.status(202));

    save();

    await().atMost(Duration.ofSeconds(15)).until(() -> receiver.about(person.id()).size() == 1);
  }

  @Test
  void deadLetter_retried_isReportedOnce() throws Exception {
    var person = deadLetter();
    await().atMost(LIMIT).until(() -> count(person, "status = 'DEAD_LETTER'") == 1);
    var lines = log().split("SECURITY_EVENT_DEAD_LETTER", -1).length;
    var attempts = new AtomicInteger();
    receiver.answers(
        exchange -> {
          attempts.incrementAndGet();
          return 503;
        });

    sql("update outbox_entry set next_attempt_at = next_attempt_at - interval '2 minutes'");

    await().atMost(LIMIT).until(() -> attempts.get() > 0);
    assertThat(realm.metric("rowlock_events_pending", API)).isZero();
    await().atMost(LIMIT).until(() -> count(person, "status = 'DEAD_LETTER'") == 1);
    assertThat(log().split("SECURITY_EVENT_DEAD_LETTER", -1)).hasSize(lines);
    assertThat(realm.metric("rowlock_events_pending", API)).isZero();
  }

  @Test
  void cleanup_keepsEventsOfAccountsLongerThanOfTokens() throws Exception {
    var delivered = realm.person();
    var person = realm.person();
    receiver.answers(Answer.status(202));
    save();
    switchTo(delivered, false);
    switchTo(delivered, true);
    realm.logout("app", realm.login("app", delivered));
    await().atMost(LIMIT).until(() -> count(delivered, "status = 'DELIVERED'") == 3);
    receiver.answers(Answer.status(503));
    realm.logout("app", realm.login("app", person));
    switchTo(person, false);

    sql("update outbox_entry set created_at = created_at - interval '30 days'");
    server.kill();
    server.restart();

    await().atMost(LIMIT).until(() -> count(delivered, "true") == 2);
    await().atMost(LIMIT).until(() -> count(person, "true") == 1);
    assertThat(count(delivered, "entry_type like '%/account-%abled'")).isEqualTo(2);
    receiver.answers(Answer.status(202));
    await().atMost(LIMIT).until(() -> receiver.about(person.id()).size() == 1);
    assertThat(receiver.types(person.id())).containsExactly("account-disabled");
  }

  private static void switchTo(RevocationRealm.Person person, boolean enabled) {
    realm.admin().put(realm.path("/users/" + person.id()), "{\"enabled\":" + enabled + "}");
  }

  /** Counts the messages to the API about a user. */
  private static long count(RevocationRealm.Person person, String condition) throws SQLException {
    try (var connection = postgres.connect("keycloak");
        var counts =
            connection.prepareStatement(
                "select count(*) from outbox_entry where payload like ? and status <> 'HELD' and "
                    + condition)) {
      counts.setString(1, "%" + person.id() + "%");
      try (var rows = counts.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }

  private static void sql(String statement) throws SQLException {
    try (var connection = postgres.connect("keycloak");
        var any = connection.createStatement()) {
      any.execute(statement);
    }
  }

  private static RevocationRealm.Person deadLetter() {
    var person = realm.person();
    receiver.answers(Answer.status(503));
    realm.logout("app", realm.login("app", person));
    await().atMost(LIMIT).until(() -> realm.metric("rowlock_events_dead_letters", API) > 0);
    assertThat(log()).contains("\"event\":\"SECURITY_EVENT_DEAD_LETTER\"", "\"client_id\":\"api\"");
    assertThat(receiver.about(person.id())).isEmpty();
    return person;
  }

  private static void save() {
    realm.attributes("api", Map.of("rowlock.events.push.url", receiver.url().toString()));
  }

  private static String log() {
    return server.log().text();
  }
}
