/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import rowlock.api.owner.Owner;
import rowlock.api.settings.DatabaseSettings;
import rowlock.api.test.PgBouncer;
import rowlock.api.test.TestDatabase;
import rowlock.database.DatabaseServer;
import rowlock.field.FieldReport;
import rowlock.local.postgres.PostgresServer;
import rowlock.local.testing.TestServers;
import rowlock.settings.InvalidSettingException;

/**
 * PgBouncer between the application and its database: many connections share a few server
 * processes.
 */
class PgBouncerIT {
  private static final int OWNERS = 12;
  private static final int THREADS = 12;
  private static final int ROUNDS = 40;

  private final PostgresServer postgres = TestServers.postgres();
  private final TestDatabase database = TestDatabase.create(postgres);
  private final DatabaseSettings direct = MigratedDatabase.settings(database, 16);
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (var each : open.reversed()) {
      each.close();
    }
  }

  private PgBouncer pooler(String mode, String ignored, int serverConnections) {
    var pooler = PgBouncer.start(postgres, mode, ignored, serverConnections);
    open.add(pooler);
    return pooler;
  }

  private DatabaseSettings behind(PgBouncer pooler) {
    return settings(pooler.jdbcUrl(database.name()), direct.url());
  }

  private DatabaseSettings settings(String url, String migrationUrl) {
    return new DatabaseSettings(
        url,
        direct.user(),
        direct.password(),
        direct.ledgerUser(),
        direct.ledgerPassword(),
        direct.migrationUser(),
        direct.migrationPassword(),
        migrationUrl,
        direct.schema(),
        direct.poolSize());
  }

  private MigratedDatabase database(DatabaseSettings settings) {
    var opened = MigratedDatabase.open(database, settings);
    open.add(opened);
    return opened;
  }

  @FieldReport("https://github.com/pgbouncer/pgbouncer/issues/396")
  @FieldReport("https://github.com/pgbouncer/pgbouncer/issues/456")
  @Test
  void transactionMode_underLoad_keepsOwnersApart() throws Exception {
    var database = database(behind(pooler("transaction", "extra_float_digits", 3)));
    var owners = IntStream.range(0, OWNERS).mapToObj(i -> owner()).toList();
    try (var users = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> work = new ArrayList<>();
      for (var i = 0; i < THREADS; i++) {
        work.add(
            users.submit(
                () -> {
                  for (var round = 0; round < ROUNDS; round++) {
                    var owner = owners.get(ThreadLocalRandom.current().nextInt(OWNERS));
                    work(database.dataSource(), owner, round % 4 == 0);
                  }
                  return null;
                }));
      }
      for (var each : work) {
        each.get();
      }
    }
    try (var connection = database.bare().getConnection()) {
      assertThat(DatabaseServer.isPooled(connection)).isTrue();
      assertThat(text(connection, "select count(*) from pg_prepared_statements")).isEqualTo("0");
      assertThat(text(connection, "select nullif(current_setting('rowlock.owner', true), '')"))
          .isNull();
      assertThat(text(connection, "select count(*) from probe.item")).isEqualTo("0");
      assertThat(text(connection, "show statement_timeout")).isEqualTo("5s");
    }
  }

  /**
   * Inserts a row of the owner and reads all that is visible, in two statements or transactions.
   */
  private static void work(DataSource rows, Owner owner, boolean transaction) throws SQLException {
    owner.call(
        () -> {
          try (var connection = rows.getConnection()) {
            connection.setAutoCommit(!transaction);
            try (var insert =
                    connection.prepareStatement(
                        "insert into probe.item (owner_id, title) values (?, ?)");
                var select =
                    connection.prepareStatement(
                        "select count(*), count(*) filter (where title <> ?) from probe.item")) {
              insert.setObject(1, owner.id());
              insert.setString(2, owner.id().toString());
              insert.executeUpdate();
              select.setString(1, owner.id().toString());
              try (var row = select.executeQuery()) {
                assertThat(row.next()).isTrue();
                assertThat(row.getLong(1)).isPositive();
                assertThat(row.getLong(2)).as("rows of other owners").isZero();
              }
            }
            if (transaction) {
              connection.commit();
              connection.setAutoCommit(true);
            }
          }
          return null;
        });
  }

  @Test
  void transactionMode_anEventInTheLedger_isAskedByTheNextStatement() throws SQLException {
    var database = database(behind(pooler("transaction", "extra_float_digits", 2)));
    var revoked = owner();
    var other = owner();
    work(database.dataSource(), revoked, false);
    database
        .ledger()
        .statements()
        .sql(
            "select rowlock.apply_event(?, 'session-ended', ?, null, null, now(), interval '1 minute',"
                + " interval '7 days')")
        .params(UUID.randomUUID().toString(), revoked.sessionId())
        .query(Boolean.class)
        .single();

    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> work(database.dataSource(), revoked, true))
        .satisfies(cutOff -> assertThat(cutOff.getSQLState()).isEqualTo("TA401"));
    work(database.dataSource(), other, true);
  }

  @Test
  void withoutPooler_statementsArePreparedOnTheServer() throws SQLException {
    var database = database(direct);
    try (var connection = database.bare().getConnection()) {
      assertThat(DatabaseServer.isPooled(connection)).isFalse();
      assertThat(connection.unwrap(PGConnection.class).getPrepareThreshold()).isEqualTo(1);
    }
  }

  @Test
  void migrationThroughPooler_isRejected() {
    var ignoresAll = pooler("session", "extra_float_digits,options", 4);
    refuses(
        settings(direct.url(), ignoresAll.jdbcUrl(database.name())), "ROWLOCK_DB_MIGRATION_URL");
    var plain = pooler("transaction", "extra_float_digits", 4);
    refuses(
        settings(plain.jdbcUrl(database.name()), plain.jdbcUrl(database.name())),
        "ROWLOCK_DB_MIGRATION_URL");
    var rejects = pooler("transaction", "", 4);
    refuses(
        settings(rejects.jdbcUrl(database.name()), rejects.jdbcUrl(database.name())),
        "ROWLOCK_DB_MIGRATION_URL");
  }

  @FieldReport("https://github.com/pgbouncer/pgbouncer/issues/456")
  @Test
  void poolerThatRejectsWhatIsNeeded_isNamedWithTheSettingToChange() {
    refuses(behind(pooler("statement", "extra_float_digits", 4)), "pool_mode = transaction");
    var strict = pooler("transaction", "", 4);
    refuses(
        settings(strict.jdbcUrl(database.name()) + "?currentSchema=api", direct.url()),
        "ignore_startup_parameters");
  }

  private static void refuses(DatabaseSettings settings, String part) {
    assertThatExceptionOfType(InvalidSettingException.class)
        .isThrownBy(() -> ApplicationPool.open(settings, new SimpleMeterRegistry()).close())
        .withMessageContaining(part)
        .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("\n"));
  }

  private static String text(Connection connection, String query) throws SQLException {
    try (var statement = connection.prepareStatement(query);
        var row = statement.executeQuery()) {
      assertThat(row.next()).isTrue();
      return row.getString(1);
    }
  }

  private static Owner owner() {
    return new Owner(UUID.randomUUID(), UUID.randomUUID().toString(), "task-cli", Instant.now());
  }
}
