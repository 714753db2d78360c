/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import rowlock.api.test.TestDatabase;
import rowlock.api.test.TestIssuer;
import rowlock.local.testing.TestServers;

/** A database that is restored to an older state, with the procedure of docs/production.md. */
@Tag("thorough")
class RestoreIT {
  private static final String OFTEN = "--rowlock.events.poll.interval=1s";

  private final RSAKey key = TestIssuer.newKey("key-1");
  private final TestIssuer issuer = new TestIssuer().publish(key);
  private final TestOutbox outbox = new TestOutbox(issuer.url());
  private final Events events = new Events(issuer, key);
  private final TestDatabase database = TestDatabase.create();
  private final String backup = database.name() + "_backup";
  private final UUID user = UUID.randomUUID();

  RestoreIT() {
    issuer.answering("/rowlock-events/changes", outbox::handle);
  }

  @AfterEach
  void close() {
    issuer.close();
  }

  /**
   * Until the issuer is polled, an ended session is valid again: the statement of the guide ends
   * it.
   */
  @Test
  void statementOfTheGuide_revokesOlderTokens() throws IOException {
    var ended = tokenOfBefore("ended");
    var other = token("other", UUID.randomUUID());
    backUpAfter(replica -> await().until(() -> replica.list(ended) == 200));
    try (var replica = Replica.start(issuer, database, OFTEN)) {
      await().until(() -> replica.push(ended("ended")) == 202);
      assertThat(replica.list(ended)).isEqualTo(401);
    }

    restore();
    outbox.answer(500);
    try (var replica = Replica.start(issuer, database, OFTEN)) {
      await().until(() -> replica.list(ended) == 200);

      database.asSuperuser(statementsOfTheGuide());

      assertThat(replica.list(ended)).isEqualTo(401);
      assertThat(replica.list(other)).as("it might have ended as well").isEqualTo(401);
      await().until(() -> replica.list(token("other", UUID.randomUUID())) == 200);
    }
  }

  @Test
  void eventsSinceTheBackup_arePolledAgain() {
    backUpAfter(replica -> await().until(() -> replica.list(tokenOfBefore("s")) == 200));
    try (var replica = Replica.start(issuer, database, OFTEN)) {
      outbox.add(ended("s"));
      await().until(() -> replica.list(tokenOfBefore("s")) == 401);
    }

    restore();
    try (var replica = Replica.start(issuer, database, OFTEN)) {
      await().until(() -> replica.list(tokenOfBefore("s")) == 401);
    }
  }

  /** An account that its user deleted does not come back with a backup. */
  @ParameterizedTest
  @ValueSource(strings = {"0", "1s"})
  void rowsOfAnAccountThatWasDeletedSinceTheBackupAreErasedAgain(String retention) {
    var setting = "--rowlock.erasure.retention=" + retention;
    backUpAfter(
        replica ->
            database.asSuperuser(
                "insert into probe.item (owner_id, title) values ('%s', 'a row')".formatted(user)));
    try (var replica = Replica.start(issuer, database, OFTEN, setting)) {
      outbox.add(events.token(Events.PURGED, events.user(user), Instant.now().minusSeconds(5)));
      await().until(() -> rows() == 0);
      assertThat(replica.list(token("s", user))).isEqualTo(401);
    }

    restore();
    assertThat(rows()).isEqualTo(1);
    try (var replica = Replica.start(issuer, database, OFTEN, setting)) {
      await().until(() -> rows() == 0);
      assertThat(replica.list(token("s", user))).isEqualTo(401);
    }
  }

  /** The backup is within the period; accounts that were due in it may exist again. */
  @Test
  void restoredDueRows_areKeptIfAccountExists_elseErased() {
    var removed = events.token(Events.PURGED, events.user(user), Instant.now().minusSeconds(5));
    var setting = "--rowlock.erasure.retention=1s";
    backUpAfter(
        replica -> {
          database.asSuperuser(
              "insert into probe.item (owner_id, title) values ('%s', 'a row')".formatted(user));
          outbox.existing(Set.of(user.toString()));
          await().until(() -> replica.push(removed) == 202);
          database.asSuperuser(
              "update rowlock.account_gate set erase_after = now() - interval '1 hour'");
        });
    outbox.answer(500);
    try (var replica = Replica.start(issuer, database, OFTEN, setting)) {
      await()
          .until(
              () ->
                  replica
                      .management("/actuator/prometheus")
                      .body()
                      .matches("(?s).*rowlock_erasures_overdue_seconds [1-9][0-9.E]*\n.*"));
      assertThat(rows()).isEqualTo(1);
      outbox.answer(200);
      await().until(() -> replica.list(token("s", user)) == 200);
      assertThat(rows()).isEqualTo(1);
    }

    restore();
    outbox.existing(Set.of());
    try (var replica = Replica.start(issuer, database, OFTEN, setting)) {
      await().until(() -> rows() == 0);
    }
  }

  private void backUpAfter(Consumer<Replica> work) {
    try (var replica = Replica.start(issuer, database, OFTEN)) {
      work.accept(replica);
    }
    copy(database.name(), backup);
  }

  private void restore() {
    server("drop database " + database.name() + " with (force)");
    copy(backup, database.name());
  }

  /** Copies a database after its last session: a pool that is closed early may leave one open. */
  private static void copy(String from, String to) {
    await()
        .untilAsserted(
            () ->
                assertThat(
                        at("postgres")
                            .queryForList(
                                "select usename, query, pg_terminate_backend(pid) from"
                                    + " pg_stat_activity where datname = ?",
                                from))
                    .isEmpty());
    server("create database %s template %s".formatted(to, from));
  }

  private static void server(String statement) {
    at("postgres").execute(statement);
  }

  private int rows() {
    return at(database.name())
        .queryForObject("select count(*) from probe.item where owner_id = ?", Integer.class, user);
  }

  private static JdbcTemplate at(String name) {
    var postgres = TestServers.postgres();
    return new JdbcTemplate(
        new DriverManagerDataSource(
            postgres.jdbcUrl(name), postgres.superuser(), postgres.superuserPassword()));
  }

  private static String[] statementsOfTheGuide() throws IOException {
    var guide = Files.readString(Path.of("../docs/production.md"));
    var block = guide.substring(guide.indexOf("<!-- run: tasks restored -->"));
    var sql = block.substring(block.indexOf("```sql\n") + 7);
    return sql.substring(0, sql.indexOf("```")).strip().split(";\\s*");
  }

  private String ended(String session) {
    return events.token(
        Events.SESSION_REVOKED, events.session(session, user), Instant.now().minusSeconds(5));
  }

  /** A token of the user that is older than every event. */
  private String tokenOfBefore(String session) {
    var issuedAt = Instant.now().minusSeconds(60);
    var claims = issuer.claims(user);
    claims.put("sid", session);
    claims.put("iat", issuedAt.getEpochSecond());
    claims.put("exp", issuedAt.plusSeconds(300).getEpochSecond());
    return TestIssuer.sign(key, TestIssuer.header(key), claims);
  }

  private String token(String session, UUID subject) {
    var claims = issuer.claims(subject);
    claims.put("sid", session);
    return TestIssuer.sign(key, TestIssuer.header(key), claims);
  }
}
