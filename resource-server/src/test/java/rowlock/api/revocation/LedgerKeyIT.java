/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import rowlock.api.isolation.MigratedDatabase;

/** A row of the ledger that may revoke a token has a key, without which it would not be read. */
class LedgerKeyIT {
  private static final String WITHOUT_KEY =
      """
      select count(*) from (
        select sid as key, expires_at from rowlock.revoked_session
        union all
        select sub::text, expires_at from rowlock.account_gate
        where not_before > '-infinity' or disabled_at is not null or removed_at is not null
        union all
        select '', 'infinity' from rowlock.realm_gate where not_before > '-infinity') as revoked
      where not exists (select from rowlock.ledger_key as known
                        where known.key = revoked.key and known.expires_at >= revoked.expires_at)
      """;

  private final UUID user = UUID.randomUUID();
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
  @EnumSource(
      value = Change.Kind.class,
      mode = Mode.EXCLUDE,
      names = {"ACCOUNT_ENABLED", "ACCOUNT_CREATED", "NONE"})
  void changeThatRevokes_addsKey_andTokenIsRefused(Change.Kind kind) {
    enter();

    ledger.apply("1", Instant.now(), change(kind));

    assertThat(keys()).hasSize(1);
    assertThat(withoutKey()).isZero();
    refusesToken();
  }

  @ParameterizedTest
  @EnumSource(names = {"ACCOUNT_ENABLED", "ACCOUNT_CREATED", "NONE"})
  void changeThatRevokesNothing_addsNoKey(Change.Kind kind) {
    ledger.apply("1", Instant.now(), change(kind));

    assertThat(keys()).isEmpty();
    enter();
  }

  @Test
  void accountThatIsEnabledAgain_isReadFromTheLedger() {
    var now = Instant.now();
    ledger.apply("1", now.minusSeconds(600), Change.ofAccount(Change.Kind.ACCOUNT_DISABLED, user));
    refusesToken();

    ledger.apply("2", now.minusSeconds(300), Change.ofAccount(Change.Kind.ACCOUNT_ENABLED, user));

    assertThat(keys()).containsExactly(user.toString());
    enter();
  }

  /** The later event keeps the row for longer than its key was to be kept. */
  @Test
  void rowThatIsKeptForLonger_extendsItsKey() {
    ledger.apply("1", Instant.now(), Change.ofAccount(Change.Kind.ACCOUNT_SESSIONS_ENDED, user));
    expire();
    assertThat(withoutKey()).isZero();

    ledger.apply("2", Instant.now(), Change.ofAccount(Change.Kind.ACCOUNT_PURGED, user));
    ledger.prune();

    assertThat(withoutKey()).isZero();
    refusesToken();
  }

  @Test
  void rowsThatAreWrittenByReplication_haveKeys() throws SQLException {
    try (var connection = database.superuser().getConnection()) {
      new JdbcTemplate(new SingleConnectionDataSource(connection, true))
          .batchUpdate(
              "set session_replication_role = replica",
              "insert into rowlock.revoked_session values ('session', now() + interval '1 hour')");
    }

    assertThat(keys()).containsExactly("session");
    refusesToken();
  }

  /** While an expired key is being deleted, its session ends again. */
  @Test
  void sessionThatEndsDuringThePruning_hasKey() throws Exception {
    ledger.apply("1", Instant.now(), Change.ofSession("session"));
    expire();
    try (var connection = database.superuser().getConnection();
        var threads = Executors.newSingleThreadExecutor()) {
      connection.setAutoCommit(false);
      var pruning = new JdbcTemplate(new SingleConnectionDataSource(connection, true));
      pruning.execute("select rowlock.prune_ledger(100)");
      var applied =
          threads.submit(() -> ledger.apply("2", Instant.now(), Change.ofSession("session")));
      awaitBlocked(pruning);
      connection.commit();
      assertThat(applied.get()).isTrue();
    }

    assertThat(withoutKey()).isZero();
    refusesToken();
  }

  /** The previous version of the engine wrote rows without keys. */
  @Test
  void existingRows_getKeysByMigration() {
    superuser.batchUpdate(
        "drop table rowlock.ledger_key",
        "drop function rowlock.add_ledger_key() cascade",
        "delete from rowlock.schema_history where version = '003'");
    for (var kind : Change.Kind.values()) {
      ledger.apply(kind.name(), Instant.now(), change(kind));
    }

    database.at(database.settings().url(), 1).close();

    assertThat(keys()).containsExactlyInAnyOrder("session", user.toString(), "");
    assertThat(withoutKey()).isZero();
    refusesToken();
  }

  private Change change(Change.Kind kind) {
    return switch (kind) {
      case SESSION_ENDED -> Change.ofSession("session");
      case CLIENT_SESSION_ENDED -> Change.ofClientSession("session", "client");
      case ALL_SESSIONS_ENDED -> Change.ofEverybody();
      case NONE -> Change.NONE;
      default -> Change.ofAccount(kind, user);
    };
  }

  private void enter() {
    new JdbcTemplate(database.bare())
        .queryForList(
            "select rowlock.enter(?, 'session', 'client', ?)",
            user,
            Instant.now().getEpochSecond() - 1);
  }

  private void refusesToken() {
    assertThatExceptionOfType(DataAccessException.class)
        .isThrownBy(this::enter)
        .withMessageContaining("cut off");
  }

  private List<String> keys() {
    return superuser.queryForList("select key from rowlock.ledger_key", String.class);
  }

  private long withoutKey() {
    return superuser.queryForObject(WITHOUT_KEY, Long.class);
  }

  private void expire() {
    for (var table : List.of("revoked_session", "account_gate", "ledger_key")) {
      superuser.update(
          "update rowlock.%s set expires_at = now() - interval '1 minute'".formatted(table));
    }
    // the trigger keeps the later time
    superuser.update("update rowlock.ledger_key set expires_at = now() - interval '1 minute'");
  }

  private static void awaitBlocked(JdbcTemplate statements) {
    await()
        .until(
            () ->
                statements.queryForObject(
                    "select bool_or(pg_backend_pid() = any (pg_blocking_pids(pid)))"
                        + " from pg_stat_activity",
                    Boolean.class));
  }
}
