/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import rowlock.api.owner.Owner;
import rowlock.api.test.TestDatabase;
import rowlock.local.postgres.PostgresServer;
import rowlock.local.testing.TestServers;

/** Used proofs: one request each, with any number of statements; their rows expire. */
class UsedProofIT {
  private static MigratedDatabase database;

  private final UUID user = UUID.randomUUID();

  @BeforeAll
  static void migrate() {
    database = MigratedDatabase.create();
  }

  @AfterAll
  static void close() {
    database.close();
  }

  private Owner owner(UUID proof, UUID request) {
    return owner("session", proof, request);
  }

  private Owner owner(String session, UUID proof, UUID request) {
    return new Owner(
        user, session, "client", Instant.now(), new Owner.Proof(proof, Instant.now(), request));
  }

  /** Runs a statement, and returns its SQLSTATE, or OK. */
  private static String run(MigratedDatabase on, Owner owner, String sql) {
    return owner.call(
        () -> {
          try {
            JdbcClient.create(on.dataSource()).sql(sql).query().listOfRows();
            return "OK";
          } catch (RuntimeException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
              if (cause instanceof SQLException refused) {
                // the pool's timeout while the server is unavailable has none
                return Objects.requireNonNullElse(refused.getSQLState(), "no state");
              }
            }
            throw e;
          }
        });
  }

  private static String run(Owner owner) {
    return run(database, owner, "select count(*) from probe.item");
  }

  private static JdbcTemplate superuser(MigratedDatabase database) {
    return new JdbcTemplate(database.superuser());
  }

  private static long rows(String condition) {
    var count =
        superuser(database)
            .queryForObject(
                "select count(*) from rowlock.seen_proof where " + condition, Long.class);
    return count == null ? 0 : count;
  }

  @Test
  void a_request_may_run_many_statements_and_another_request_none() {
    var proof = UUID.randomUUID();
    var request = UUID.randomUUID();
    assertThat(run(owner(proof, request))).isEqualTo("OK");
    assertThat(run(owner(proof, request))).isEqualTo("OK");
    assertThat(run(owner(proof, UUID.randomUUID()))).isEqualTo("TA409");
    assertThat(run(owner(UUID.randomUUID(), request))).isEqualTo("OK");
    assertThat(rows("id = '" + proof + "'")).isEqualTo(1);
  }

  @Test
  void failedStatement_doesNotUseTheProof() {
    var proof = UUID.randomUUID();
    assertThat(run(database, owner(proof, UUID.randomUUID()), "select 1 / 0")).isEqualTo("22012");
    assertThat(rows("id = '" + proof + "'")).isZero();
    assertThat(run(owner(proof, UUID.randomUUID()))).isEqualTo("OK");
  }

  @Test
  void revokedSession_isRefusedFirst_andLeavesNoRow() {
    database.asSuperuser(
        "insert into rowlock.revoked_session values ('ended', now() + interval '10 minutes')");
    var proof = UUID.randomUUID();
    assertThat(run(owner("ended", proof, UUID.randomUUID()))).isEqualTo("TA401");
    assertThat(rows("id = '" + proof + "'")).isZero();
  }

  @Test
  void a_bearer_request_leaves_no_row() {
    var before = rows("true");
    assertThat(run(new Owner(user, "session", "client", Instant.now()))).isEqualTo("OK");
    assertThat(rows("true")).isEqualTo(before);
  }

  @Test
  void statementOfBearerRequest_inRequestWithProof_isRefused() throws SQLException {
    var bearer = new Owner(user, "session", "client", Instant.now());
    try (var statement =
        bearer.call(() -> database.dataSource().getConnection().prepareStatement("select 1"))) {
      assertThatExceptionOfType(IllegalStateException.class)
          .isThrownBy(
              () -> owner(UUID.randomUUID(), UUID.randomUUID()).call(statement::executeQuery));
      statement.getConnection().close();
    }
  }

  @Test
  void application_cannotAccessUsedProofs() {
    for (var sql :
        new String[] {
          "select * from rowlock.seen_proof",
          "delete from rowlock.seen_proof returning 1",
          "select last_value from rowlock.proofs_known_since",
          "select setval('rowlock.proofs_known_since', 1)"
        }) {
      assertThat(run(database, new Owner(user, "session", "client", Instant.now()), sql))
          .as(sql)
          .isEqualTo("42501");
    }
  }

  @Test
  void usedProofs_areDeletedOnlyAfterExpiry() {
    try (var own = MigratedDatabase.create()) {
      var superuser = superuser(own);
      superuser.execute(
          "insert into rowlock.seen_proof select gen_random_uuid(), gen_random_uuid(),"
              + " now() - interval '3 minutes' from generate_series(1, 2000)");
      superuser.execute(
          "insert into rowlock.seen_proof select gen_random_uuid(), gen_random_uuid(),"
              + " now() - interval '90 seconds' from generate_series(1, 100)");
      var uses = 1000;
      for (var i = 0; i < uses; i++) {
        assertThat(run(own, owner(UUID.randomUUID(), UUID.randomUUID()), "select 1"))
            .isEqualTo("OK");
      }
      var expired =
          superuser.queryForObject(
              "select count(*) from rowlock.seen_proof where used_at < now() - interval '2 minutes'",
              Long.class);
      var live =
          superuser.queryForObject(
              "select count(*) from rowlock.seen_proof where used_at >= now() - interval '2 minutes'",
              Long.class);
      assertThat(expired).isLessThan(700);
      assertThat(live).isEqualTo(100 + uses);
    }
  }

  /** Plans are cached: a sequential scan is cheap on the empty table, but not later. */
  @Test
  void costOfAProof_isIndependentOfTheirNumber() throws SQLException {
    try (var own = MigratedDatabase.create(1);
        var connection =
            DriverManager.getConnection(
                own.settings().url(),
                own.settings().migrationUser(),
                own.settings().migrationPassword());
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (var i = 0; i < 10; i++) {
        statement.execute(
            "select rowlock.enter(gen_random_uuid(), 'session', 'client', 1, gen_random_uuid(),"
                + " extract(epoch from now())::bigint, gen_random_uuid())");
      }
      try (var scans =
          statement.executeQuery(
              "select seq_scan, idx_scan from pg_stat_xact_user_tables"
                  + " where relname = 'seen_proof'")) {
        assertThat(scans.next()).isTrue();
        assertThat(scans.getLong("seq_scan")).isZero();
        assertThat(scans.getLong("idx_scan")).isPositive();
      }
    }
  }

  @Test
  void afterCrash_possiblyUsedProofs_areRefused() {
    try (var server = TestServers.newPostgres()) {
      crash(server);
    }
  }

  private void crash(PostgresServer server) {
    try (var own = MigratedDatabase.open(TestDatabase.create(server), 2)) {
      var proof = UUID.randomUUID();
      assertThat(run(own, owner(proof, UUID.randomUUID()), "select 1")).isEqualTo("OK");
      server.kill();
      server.restart();
      Awaitility.await()
          .atMost(Duration.ofSeconds(15))
          .until(
              () ->
                  run(own, new Owner(user, "session", "client", Instant.now()), "select 1")
                      .equals("OK"));
      assertThat(
              superuser(own).queryForObject("select count(*) from rowlock.seen_proof", Long.class))
          .isZero();
      assertThat(run(own, owner(proof, UUID.randomUUID()), "select 1")).isEqualTo("TA503");
      assertThat(run(own, owner(UUID.randomUUID(), UUID.randomUUID()), "select 1"))
          .isEqualTo("TA503");
      // what the first of them has set outlived its transaction; the time passes
      assertThat(
              superuser(own)
                  .queryForObject(
                      "select setval('rowlock.proofs_known_since', last_value - 40)"
                          + " from rowlock.proofs_known_since",
                      Long.class))
          .isGreaterThan(Instant.now().getEpochSecond() - 60);
      assertThat(run(own, owner(UUID.randomUUID(), UUID.randomUUID()), "select 1")).isEqualTo("OK");
    }
  }

  @Test
  @SuppressWarnings("try") // closed before its time, as a server is
  void after_an_orderly_restart_used_proofs_are_still_known() {
    try (var server = TestServers.newPostgres()) {
      try (var own = MigratedDatabase.open(TestDatabase.create(server), 2)) {
        var proof = UUID.randomUUID();
        assertThat(run(own, owner(proof, UUID.randomUUID()), "select 1")).isEqualTo("OK");
        server.close();
        server.restart();
        Awaitility.await()
            .atMost(Duration.ofSeconds(15))
            .until(
                () ->
                    run(own, new Owner(user, "session", "client", Instant.now()), "select 1")
                        .equals("OK"));
        assertThat(run(own, owner(proof, UUID.randomUUID()), "select 1")).isEqualTo("TA409");
        assertThat(run(own, owner(UUID.randomUUID(), UUID.randomUUID()), "select 1"))
            .isEqualTo("OK");
      }
    }
  }
}
