/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationState;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import rowlock.database.DatabaseLogin;
import rowlock.database.DatabaseServer;
import rowlock.settings.InvalidSettingException;
import rowlock.web.settings.DatabaseSettings;

/**
 * Brings the database up to date, as the login that owns the tables, and makes the login that
 * serves requests where it is missing.
 */
final class SessionMigration {

  // Another process made the same login in the same moment.
  private static final Set<String> LOST_RACE = Set.of("42710", "23505", "XX000");

  private static final Logger log = LoggerFactory.getLogger(SessionMigration.class);

  private SessionMigration() {}

  static void run(DatabaseSettings settings) {
    DriverManagerDataSource owner =
        new DriverManagerDataSource(
            settings.url(), settings.migrationUser(), settings.migrationPassword());
    try (Connection connection = owner.getConnection()) {
      requireServer(connection);
      makeLogin(connection, settings);
      restrictDatabase(connection, settings.user());
    } catch (SQLException failed) {
      throw SessionDatabase.refused(
          failed,
          new DatabaseLogin(
              settings.migrationUser(),
              "ROWLOCK_WEB_DB_MIGRATION_USER",
              settings.migrationPassword(),
              "ROWLOCK_WEB_DB_MIGRATION_PASSWORD",
              "ROWLOCK_WEB_DB_URL"));
    }
    try {
      Flyway flyway =
          Flyway.configure()
              .dataSource(owner)
              .locations("classpath:db/web")
              .schemas("web_migration")
              .placeholders(Map.of("application", quoted(settings.user())))
              .cleanDisabled(true)
              .load();
      if (isNewer(flyway)) {
        log.warn(
            "The database was migrated by a newer version of task-web. This version changes nothing in"
                + " it: it serves as the old version of a rolling upgrade");
      } else {
        flyway.migrate();
      }
    } catch (FlywayException failed) {
      throw new InvalidSettingException(
          "ROWLOCK_WEB_DB_URL",
          "names a database that could not be migrated: "
              + String.valueOf(failed.getMessage()).strip().replaceAll("\\s+", " "));
    }
  }

  /**
   * Returns whether a migration was applied that this version does not know. The repeatable
   * migrations of this version are older too: its grants would revoke what the newer one needs.
   */
  private static boolean isNewer(Flyway flyway) {
    return Arrays.stream(flyway.info().applied())
        .anyMatch(migration -> migration.getState() == MigrationState.FUTURE_SUCCESS);
  }

  /**
   * Rejects a connection pooler, because statements are prepared and time limits set for the
   * session. Rejects a standby, which may not know yet which sessions have ended.
   */
  private static void requireServer(Connection connection) throws SQLException {
    if (DatabaseServer.isPooled(connection)) {
      throw SessionDatabase.pooler();
    }
    if (DatabaseServer.isStandby(connection)) {
      throw new InvalidSettingException(
          "ROWLOCK_WEB_DB_URL",
          "names a standby, which may not know yet which sessions have ended. Name the primary, or"
              + " all servers with the parameter targetServerType=primary.");
    }
  }

  private static void makeLogin(Connection connection, DatabaseSettings settings)
      throws SQLException {
    try (PreparedStatement question =
        connection.prepareStatement("select 1 from pg_roles where rolname = ?")) {
      question.setString(1, settings.user());
      try (ResultSet answer = question.executeQuery()) {
        if (answer.next()) {
          return;
        }
      }
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("create role " + quoted(settings.user()) + " login");
    } catch (SQLException failed) {
      if (LOST_RACE.contains(String.valueOf(failed.getSQLState()))) {
        return;
      }
      if ("42501".equals(failed.getSQLState())) {
        throw new InvalidSettingException(
            "ROWLOCK_WEB_DB_USER",
            "names a login that does not exist. Run as a superuser: create role "
                + quoted(settings.user())
                + " login password '<ROWLOCK_WEB_DB_PASSWORD>';");
      }
      throw failed;
    }
    // The driver sends the SCRAM verifier, so that no server log can show the password.
    connection
        .unwrap(PGConnection.class)
        .alterUserPassword(settings.user(), settings.password().toCharArray(), "scram-sha-256");
  }

  /**
   * Grants the login CONNECT, and revokes from PUBLIC what PostgreSQL grants by default: TEMPORARY
   * always, CONNECT not, because logins for backup or monitoring may depend on it.
   */
  private static void restrictDatabase(Connection connection, String user) throws SQLException {
    String database = quoted(String.valueOf(connection.getCatalog()));
    if (may(connection, "public", "CONNECT")) {
      log.warn(
          "Every login of the server may connect to the database {}. Grant connect to those that"
              + " need it, then run: revoke connect on database {} from public;",
          database,
          database);
    }
    if (!may(connection, user, "CONNECT")) {
      String grant = "grant connect on database %s to %s".formatted(database, quoted(user));
      change(connection, grant);
      if (!may(connection, user, "CONNECT")) {
        throw lacksRight(grant);
      }
    }
    if (may(connection, user, "TEMPORARY")) {
      String revoke =
          "revoke temporary on database %s from public, %s".formatted(database, quoted(user));
      change(connection, revoke);
      if (may(connection, user, "TEMPORARY")) {
        throw lacksRight(revoke);
      }
    }
  }

  /** Runs the statement; without the right to it nothing changes. */
  private static void change(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException failed) {
      String state = String.valueOf(failed.getSQLState());
      if (!LOST_RACE.contains(state) && !"42501".equals(state)) {
        throw failed;
      }
    }
  }

  private static boolean may(Connection connection, String role, String privilege)
      throws SQLException {
    try (PreparedStatement question =
        connection.prepareStatement(
            "select has_database_privilege(?::name, current_database(), ?)")) {
      question.setString(1, role);
      question.setString(2, privilege);
      try (ResultSet answer = question.executeQuery()) {
        return answer.next() && answer.getBoolean(1);
      }
    }
  }

  private static InvalidSettingException lacksRight(String sql) {
    return new InvalidSettingException(
        "ROWLOCK_WEB_DB_MIGRATION_USER",
        "names a login that may not prepare the database. Run as a superuser: " + sql + ";");
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
