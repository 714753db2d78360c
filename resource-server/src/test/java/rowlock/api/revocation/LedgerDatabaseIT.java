/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import rowlock.api.isolation.MigratedDatabase;

/** Privileges on the ledger, expiry of its rows, and the polling turn. */
class LedgerDatabaseIT {
  private MigratedDatabase database;
  private Ledger ledger;
  private JdbcTemplate superuser;

  @BeforeEach
  void migrate() {
    database = MigratedDatabase.create(1);
    ledger = new Ledger(database.ledger().statements(), Duration.ofMinutes(12), Retentions.WEEK);
    superuser = new JdbcTemplate(database.superuser());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select rowlock.apply_event('x', 'account-purged', null, null, gen_random_uuid(), now(), '1h', '0')",
        "select rowlock.erase(gen_random_uuid())",
        "select rowlock.end_turn('x')",
        "select rowlock.take_turn('1h')",
        "select rowlock.prune_ledger(1)",
        "select rowlock.hear()",
        "select * from rowlock.due_erasures(1)",
        "select rowlock.erase_due(gen_random_uuid())",
        "select rowlock.erasure_failed(gen_random_uuid())",
        "select rowlock.account_exists(gen_random_uuid(), now())",
        "select * from rowlock.erasure_backlog()",
        "select rowlock.readmit(gen_random_uuid(), 1)",
        "select rowlock.reassign(gen_random_uuid(), gen_random_uuid(), 'x')",
        "select rowlock.own('probe.item')",
        "select * from rowlock.reassignment",
        "select * from rowlock.received_event",
        "update rowlock.event_source set reached = null returning 1",
        "update rowlock.realm_gate set not_before = now() returning 1",
        "delete from rowlock.account_gate returning 1"
      })
  void statementsOfTheDomainCannotTouchIt(String sql) {
    assertThatExceptionOfType(DataAccessException.class)
        .isThrownBy(() -> JdbcClient.create(database.bare()).sql(sql).query().listOfRows())
        .satisfies(failed -> assertThat(state(failed)).isEqualTo("42501"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select * from probe.item",
        "select * from rowlock.revoked_session",
        "delete from rowlock.account_gate returning 1",
        "select rowlock.erase(gen_random_uuid())",
        "select rowlock.enter(gen_random_uuid(), 's', 'c', 1)",
        "select rowlock.readmit(gen_random_uuid(), 1)",
        "select rowlock.reassign(gen_random_uuid(), gen_random_uuid(), 'x')",
        "create table probe.mine(id int)"
      })
  void theReceiversLoginCanCallItsFunctionsAndNothingElse(String sql) {
    assertThatExceptionOfType(DataAccessException.class)
        .isThrownBy(() -> database.ledger().statements().sql(sql).query().listOfRows())
        .satisfies(failed -> assertThat(state(failed)).isEqualTo("42501"));
  }

  private static String state(DataAccessException failed) {
    return failed.getMostSpecificCause() instanceof SQLException sql
        ? String.valueOf(sql.getSQLState())
        : "";
  }

  @Test
  void concurrentDuplicates_areAppliedOnce() throws Exception {
    var change = Change.ofSession("s");
    List<Future<Boolean>> uses = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < 20; i++) {
        uses.add(threads.submit(() -> ledger.apply("one", Instant.now(), change)));
      }
      var applied = 0;
      for (var use : uses) {
        applied += use.get() ? 1 : 0;
      }
      assertThat(applied).isEqualTo(1);
    }
  }

  @Test
  void unknownEvents_areNotAcknowledged() {
    assertThatExceptionOfType(DataAccessException.class)
        .isThrownBy(
            () ->
                database
                    .ledger()
                    .statements()
                    .sql("select rowlock.apply_event('x', 'y', null, null, null, now(), '1h', '0')")
                    .query()
                    .listOfRows());
    assertThat(count("rowlock.received_event")).isZero();
  }

  @Test
  void rows_arePrunedAfterTokenLifetime() {
    var user = UUID.randomUUID();
    var now = Instant.now();
    ledger.apply("1", now, Change.ofSession("ended"));
    ledger.apply("2", now, Change.ofClientSession("part", "client"));
    ledger.apply("3", now, Change.ofAccount(Change.Kind.ACCOUNT_SESSIONS_ENDED, user));
    ledger.apply("4", now, Change.ofAccount(Change.Kind.ACCOUNT_DISABLED, UUID.randomUUID()));
    ledger.apply("5", now, Change.ofAccount(Change.Kind.ACCOUNT_ENABLED, UUID.randomUUID()));
    ledger.apply("6", now, Change.ofAccount(Change.Kind.ACCOUNT_PURGED, UUID.randomUUID()));
    assertThat(ledger.prune()).isZero();
    assertThat(
            superuser.queryForObject(
                "select min(expires_at) between now() + interval '11 minutes' and now() + interval '12 minutes'"
                    + " from rowlock.revoked_session",
                Boolean.class))
        .isTrue();
    for (var table : List.of("revoked_session", "account_gate", "received_event")) {
      superuser.update(
          "update rowlock.%s set expires_at = expires_at - interval '12 minutes'".formatted(table));
    }
    // 2 sessions, 1 account that was only cut off, 6 names of events
    assertThat(ledger.prune()).isEqualTo(9);
    assertThat(count("rowlock.account_gate")).isEqualTo(3);
    assertThat(ledger.prune()).isZero();
    superuser.update(
        "update rowlock.ledger_key set expires_at = expires_at - interval '12 minutes'");
    assertThat(ledger.prune()).as("keys are not counted").isZero();
    assertThat(count("rowlock.ledger_key"))
        .as("the account disabled and the one removed")
        .isEqualTo(2);
    // one that is forgotten and comes again does no harm
    assertThat(ledger.apply("1", now, Change.ofSession("ended"))).isTrue();
  }

  @Test
  void concurrentPruning_takesDifferentRows() throws Exception {
    superuser.execute(
        "insert into rowlock.received_event select i::text, now() - interval '1 minute'"
            + " from generate_series(1, 5000) as i");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var one = threads.submit(ledger::prune);
      var two = threads.submit(ledger::prune);
      assertThat(one.get() + two.get()).isEqualTo(5000);
    }
  }

  @Test
  void polling_oneReplicaAtATime_continuesAtTheCursor() throws Exception {
    var pause = Duration.ofMinutes(1);
    List<Future<Ledger.Turn>> turns = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < 10; i++) {
        turns.add(threads.submit(() -> ledger.takeTurn(pause)));
      }
      var mine = 0;
      for (var turn : turns) {
        assertThat(turn.get().silence()).isNull();
        mine += turn.get().mine() ? 1 : 0;
      }
      assertThat(mine).isEqualTo(1);
    }
    ledger.endTurn("cursor");
    var later = ledger.takeTurn(Duration.ZERO);
    assertThat(later.mine()).isTrue();
    assertThat(later.since()).isEqualTo("cursor");
    assertThat(later.silence()).isLessThan(Duration.ofSeconds(10));
    ledger.endTurn(null);
    assertThat(ledger.takeTurn(Duration.ZERO).since()).isEqualTo("cursor");
  }

  @Test
  void statementAfterEnter_readsTheLedgerOnce() throws SQLException {
    var account = UUID.randomUUID();
    var other = UUID.randomUUID();
    superuser.update(
        "insert into probe.item (owner_id, title) values (?, 'x'), (?, 'x')", account, other);
    try (var connection = database.bare().getConnection()) {
      connection.setAutoCommit(false);
      var application = new JdbcTemplate(new SingleConnectionDataSource(connection, true));
      application.execute("select rowlock.enter('" + account + "', 'session', 'client', 1)");
      var entered = lookups(application);
      assertThat(application.queryForList("select * from probe.item")).hasSize(1);
      assertThat(lookups(application)).isEqualTo(entered).isPositive();

      // without it, the policy reads the ledger itself
      application.queryForObject(
          "select set_config('rowlock.owner', ?, true)", String.class, other.toString());
      assertThat(application.queryForList("select * from probe.item")).hasSize(1);
      assertThat(lookups(application)).isEqualTo(entered + 1);
      connection.rollback();
    }
  }

  private static long lookups(JdbcTemplate statements) {
    return statements.queryForObject(
        "select sum(idx_scan) from pg_stat_xact_user_tables"
            + " where relname in ('ledger_key', 'account_gate')",
        Long.class);
  }

  /** Plans are cached: a sequential scan is cheap on the empty table, but not later. */
  @Test
  void costOfAStatement_isIndependentOfTheLedger() throws SQLException {
    try (var connection =
            DriverManager.getConnection(
                database.settings().url(),
                database.settings().migrationUser(),
                database.settings().migrationPassword());
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      // has a key, so the ledger is read, but no row that refuses the token
      statement.execute(
          "insert into rowlock.revoked_session values ('session', now() + interval '1 hour', 'other')");
      for (var i = 0; i < 10; i++) {
        statement.execute("select rowlock.enter(gen_random_uuid(), 'session', 'client', 1)");
        statement.execute("select rowlock.account_is_visible()");
      }
      try (var scans =
          statement.executeQuery(
              "select sum(seq_scan) as seq_scan, min(idx_scan) as idx_scan from pg_stat_xact_user_tables"
                  + " where relname in ('ledger_key', 'revoked_session', 'account_gate')")) {
        assertThat(scans.next()).isTrue();
        assertThat(scans.getLong("seq_scan")).isZero();
        assertThat(scans.getLong("idx_scan")).isPositive();
      }
    }
  }

  private long count(String table) {
    var count = superuser.queryForObject("select count(*) from " + table, Long.class);
    return count == null ? 0 : count;
  }
}
