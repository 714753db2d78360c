/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import rowlock.api.settings.DatabaseSettings;
import rowlock.local.PostgresServer;
import rowlock.local.TestServers;
import rowlock.settings.InvalidSettingException;

/** From an empty database to one that serves, with as much right as the migration login has. */
class DatabaseMigrationIT {

  private PostgresServer server;

  @BeforeEach
  void startAServerWithoutRoles() {
    server = TestServers.newPostgres();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** An empty database whose migration login has just these attributes. */
  private DatabaseSettings newDatabase(String attributes, String... grants) {
    DatabaseSettings superuser = TestDatabase.newSettings(server, 2);
    String migration = "migration_" + UUID.randomUUID().toString().substring(0, 8);
    String database = superuser.url().replaceAll(".*/([^?]*).*", "$1");
    TestDatabase.asSuperuser(
        superuser,
        "create role %s login password 'm' %s".formatted(migration, attributes),
        "grant create on database %s to %s".formatted(database, migration));
    for (String grant : grants) {
      TestDatabase.asSuperuser(
          superuser, grant.replace("MIGRATION", migration).replace("APP", superuser.user()));
    }
    return new DatabaseSettings(
        superuser.url(), superuser.user(), superuser.password(), migration, "m", 2);
  }

  private void superuser(DatabaseSettings settings, String... sql) {
    TestDatabase.asSuperuser(
        new DatabaseSettings(
            settings.url(),
            settings.user(),
            settings.password(),
            server.superuser(),
            server.superuserPassword(),
            2),
        sql);
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
    DatabaseSettings settings = newDatabase("createrole");
    try (ApplicationPool pool = open(settings)) {
      JdbcTemplate application = new JdbcTemplate(pool.connections());
      assertThat(application.queryForObject("select count(*) from api.task", Long.class)).isZero();
      assertThat(
              application.queryForList(
                  "select distinct tableowner::text from pg_tables where schemaname in ('api', 'migration')",
                  String.class))
          .isEqualTo(List.of("task_owner"));
      assertThat(
              application.queryForObject(
                  "select current_setting('statement_timeout')", String.class))
          .isEqualTo("5s");
      assertThat(
              application.queryForObject(
                  "select has_schema_privilege('migration', 'usage')", Boolean.class))
          .isFalse();
    }
    open(settings).close(); // the second start finds all in place
  }

  @Test
  void a_login_that_may_act_as_the_owner_is_enough_when_the_roles_exist() {
    DatabaseSettings asks =
        newDatabase("", "create role task_owner nologin", "grant task_owner to MIGRATION");
    refuses(
        asks,
        "ROWLOCK_DB_MIGRATION_USER",
        "Run as a superuser: create role \"" + asks.user() + "\" login password");
    superuser(
        asks,
        "create role \"%s\" login password '%s'"
            .formatted(asks.user(), asks.password().replace("'", "''")));
    refuses(
        asks,
        "ROWLOCK_DB_MIGRATION_USER",
        "Run as a superuser: create role \"" + asks.ledgerUser() + "\" login password");
    superuser(
        asks,
        "create role \"%s\" login password '%s'"
            .formatted(asks.ledgerUser(), asks.ledgerPassword().replace("'", "''")));
    refuses(
        asks, "ROWLOCK_DB_USER", "_timeout. Run: alter role " + asks.user() + " set ", "(2 more)");
    for (String limit : RowSecurityGuard.LIMITS) {
      superuser(asks, "alter role \"%s\" set %s".formatted(asks.user(), limit));
    }
    open(asks).close();
    assertThatExceptionOfType(InvalidSettingException.class)
        .isThrownBy(() -> LedgerDatabase.open(asks, new SimpleMeterRegistry()))
        .withMessageStartingWith("ROWLOCK_DB_LEDGER_USER names " + asks.ledgerUser());
    for (String limit : RowSecurityGuard.LEDGER_LIMITS) {
      superuser(asks, "alter role \"%s\" set %s".formatted(asks.ledgerUser(), limit));
    }
    LedgerDatabase.open(asks, new SimpleMeterRegistry()).close();
  }

  @Test
  void a_login_with_too_little_right_is_told_what_is_missing() {
    refuses(
        newDatabase(""), "ROWLOCK_DB_MIGRATION_USER", "Run as a superuser: create role task_owner");
  }

  @Test
  void wrong_passwords_and_addresses_are_named() {
    DatabaseSettings good = newDatabase("superuser");
    refuses(with(good, good.url(), "wrong"), "ROWLOCK_DB_MIGRATION_PASSWORD");
    open(good).close();
    refuses(
        new DatabaseSettings(
            good.url(), good.user(), "wrong!", good.migrationUser(), good.migrationPassword(), 2),
        "ROWLOCK_DB_PASSWORD");
    refuses(
        with(good, good.url().replaceAll("/[^/?]+(\\?.*)?$", "/nowhere"), "m"),
        "ROWLOCK_DB_URL",
        "does not exist");
    refuses(
        with(good, "jdbc:postgresql://127.0.0.1:1/tasks", "m"),
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
        url, settings.user(), settings.password(), settings.migrationUser(), migrationPassword, 2);
  }
}
