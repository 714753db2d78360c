/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.JdbcTemplate;
import rowlock.api.settings.DatabaseSettings;
import rowlock.api.test.TestDatabase;
import rowlock.local.postgres.PostgresServer;
import rowlock.local.testing.TestServers;
import rowlock.settings.InvalidSettingException;

/** Migration of an empty database, with migration logins of different privileges. */
@ExtendWith(OutputCaptureExtension.class)
class DatabaseMigrationIT {
  private PostgresServer server;
  private TestDatabase database;

  @BeforeEach
  void startAServerWithoutRoles() {
    server = TestServers.newPostgres();
    database = TestDatabase.create(server);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** Returns the settings of an empty database whose migration login has just these attributes. */
  private DatabaseSettings migratedBy(String attributes, String... grants) {
    var migration = "migration_" + UUID.randomUUID().toString().substring(0, 8);
    database.asSuperuser(
        "create role %s login password 'm' %s".formatted(migration, attributes),
        "grant create on database %s to %s".formatted(database.name(), migration),
        "grant connect on database %s to %s with grant option"
            .formatted(database.name(), migration));
    for (var grant : grants) {
      database.asSuperuser(grant.replace("MIGRATION", migration).replace("APP", database.user()));
    }
    return new DatabaseSettings(
            database.url(), database.user(), database.password(), migration, "m", 2)
        .withSchema("probe");
  }

  private static ApplicationPool open(DatabaseSettings settings) {
    return ApplicationPool.open(settings, new SimpleMeterRegistry());
  }

  private static void refuses(DatabaseSettings settings, String... parts) {
    assertThatExceptionOfType(InvalidSettingException.class)
        .isThrownBy(() -> open(settings).close())
        .satisfies(
            refused ->
                assertThat(refused.getMessage())
                    .contains(parts)
                    .doesNotContain("\n")
                    .doesNotContain(settings.password()));
  }

  @Test
  void a_login_that_may_create_roles_is_enough() {
    var settings = migratedBy("createrole");
    try (var pool = open(settings)) {
      var application = new JdbcTemplate(pool.connections());
      assertThat(application.queryForObject("select count(*) from probe.item", Long.class))
          .isZero();
      assertThat(
              application.queryForList(
                  "select distinct tableowner::text from pg_tables where schemaname in ('probe', 'rowlock')",
                  String.class))
          .isEqualTo(List.of("rowlock_owner"));
      assertThat(
              application.queryForObject(
                  "select current_setting('statement_timeout')", String.class))
          .isEqualTo("5s");
      assertThat(
              application.queryForObject(
                  "select has_table_privilege('rowlock.schema_history', 'select')", Boolean.class))
          .isFalse();
    }
    open(settings).close(); // the second start finds all in place
  }

  @Test
  void existingRoles_loginThatMayActAsOwner_migrates() {
    var asks =
        migratedBy("", "create role rowlock_owner nologin", "grant rowlock_owner to MIGRATION");
    refuses(
        asks,
        "ROWLOCK_DB_MIGRATION_USER",
        "Run as a superuser: create role \"" + asks.user() + "\" login password");
    database.asSuperuser(
        "create role \"%s\" login password '%s'"
            .formatted(asks.user(), asks.password().replace("'", "''")));
    refuses(
        asks,
        "ROWLOCK_DB_MIGRATION_USER",
        "Run as a superuser: create role \"" + asks.ledgerUser() + "\" login password");
    database.asSuperuser(
        "create role \"%s\" login password '%s'"
            .formatted(asks.ledgerUser(), asks.ledgerPassword().replace("'", "''")));
    refuses(
        asks, "ROWLOCK_DB_USER", "_timeout. Run: alter role " + asks.user() + " set ", "(2 more)");
    for (var limit : RowSecurityGuard.LIMITS) {
      database.asSuperuser("alter role \"%s\" set %s".formatted(asks.user(), limit));
    }
    open(asks).close();
    assertThatExceptionOfType(InvalidSettingException.class)
        .isThrownBy(() -> LedgerDatabase.open(asks, new SimpleMeterRegistry()))
        .withMessageStartingWith("ROWLOCK_DB_LEDGER_USER names " + asks.ledgerUser());
    for (var limit : RowSecurityGuard.LEDGER_LIMITS) {
      database.asSuperuser("alter role \"%s\" set %s".formatted(asks.ledgerUser(), limit));
    }
    LedgerDatabase.open(asks, new SimpleMeterRegistry()).close();
  }

  @Test
  void loginWithoutPrivileges_failsWithTheMissingOnes() {
    refuses(
        migratedBy(""),
        "ROWLOCK_DB_MIGRATION_USER",
        "Run as a superuser: create role rowlock_owner");
  }

  @Test
  void logins_reach_their_own_database_only() throws SQLException {
    var one = migratedBy("createrole");
    var other = TestDatabase.create(server);
    open(one).close();
    LedgerDatabase.open(one, new SimpleMeterRegistry()).close();
    List<String> foreign =
        List.of(other.url(), server.jdbcUrl("postgres"), server.jdbcUrl("template1"));
    Map<String, String> logins =
        Map.of(
            one.user(), one.password(),
            one.ledgerUser(), one.ledgerPassword(),
            one.migrationUser(), one.migrationPassword());
    for (var login : logins.entrySet()) {
      for (var url : foreign) {
        assertThatExceptionOfType(SQLException.class)
            .isThrownBy(() -> DriverManager.getConnection(url, login.getKey(), login.getValue()))
            .as("%s at %s", login.getKey(), url)
            .withMessageContaining("permission denied for database");
      }
      try (var own = DriverManager.getConnection(one.url(), login.getKey(), login.getValue());
          var statement = own.createStatement()) {
        assertThatExceptionOfType(SQLException.class)
            .isThrownBy(() -> statement.execute("create temporary table item (id int)"))
            .withMessageContaining("permission denied to create temporary tables");
      }
    }
  }

  @Test
  void a_database_that_is_open_to_all_logins_is_restricted(CapturedOutput output) {
    var settings = migratedBy("superuser");
    database.asSuperuser(
        "grant connect, temporary on database %s to public".formatted(database.name()));
    try (var pool = open(settings)) {
      var application = new JdbcTemplate(pool.connections());
      assertThat(
              application.queryForObject(
                  "select has_database_privilege(current_database(), 'TEMPORARY')", Boolean.class))
          .isFalse();
    }
    assertThat(output)
        .contains("revoke connect on database \"" + database.name() + "\" from public;");
  }

  @Test
  void a_login_that_may_not_restrict_the_database_asks_for_it() {
    var settings = migratedBy("createrole");
    database.asSuperuser("grant temporary on database %s to public".formatted(database.name()));
    refuses(
        settings,
        "ROWLOCK_DB_MIGRATION_USER",
        "Run as a superuser: revoke temporary on database \""
            + database.name()
            + "\" from public;");
  }

  @Test
  void new_functions_are_not_executable_by_default() {
    var settings = migratedBy("createrole");
    try (var pool = open(settings)) {
      database.asSuperuser(
          "set role rowlock_owner; create function probe.later() returns int language sql as 'select 1'");
      assertThat(
              new JdbcTemplate(pool.connections())
                  .queryForObject(
                      "select has_function_privilege('probe.later()', 'EXECUTE')", Boolean.class))
          .isFalse();
    }
  }

  @Test
  void wrong_passwords_and_addresses_are_named() {
    var good = migratedBy("superuser");
    refuses(with(good, good.url(), "wrong"), "ROWLOCK_DB_MIGRATION_PASSWORD");
    open(good).close();
    refuses(
        new DatabaseSettings(
                good.url(),
                good.user(),
                "wrong!",
                good.migrationUser(),
                good.migrationPassword(),
                2)
            .withSchema("probe"),
        "ROWLOCK_DB_PASSWORD");
    refuses(
        with(good, good.url().replaceAll("/[^/?]+(\\?.*)?$", "/nowhere"), "m"),
        "ROWLOCK_DB_URL",
        "does not exist");
    refuses(
        with(good, "jdbc:postgresql://127.0.0.1:1/app", "m"),
        "ROWLOCK_DB_URL",
        "cannot be reached");
    refuses(
        with(good, good.url() + "?preferQueryMode=simple", "m"),
        "ROWLOCK_DB_URL",
        "preferQueryMode");
  }

  private static DatabaseSettings with(
      DatabaseSettings settings, String url, String migrationPassword) {
    return new DatabaseSettings(
            url,
            settings.user(),
            settings.password(),
            settings.migrationUser(),
            migrationPassword,
            2)
        .withSchema("probe");
  }
}
