/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.postgresql.PGConnection;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import rowlock.settings.InvalidSettingException;
import rowlock.web.settings.DatabaseSettings;

/**
 * Brings the database up to date, as the login that owns the tables, and makes the login that
 * serves requests where it is missing.
 */
final class SessionMigration {

  // Another process made the same login in the same moment.
  private static final Set<String> LOST_RACE = Set.of("42710", "23505", "XX000");

  private SessionMigration() {}

  static void run(DatabaseSettings settings) {
    DriverManagerDataSource owner =
        new DriverManagerDataSource(
            settings.url(), settings.migrationUser(), settings.migrationPassword());
    try (Connection connection = owner.getConnection()) {
      makeLogin(connection, settings);
    } catch (SQLException failed) {
      throw SessionDatabase.refused(
          failed,
          "ROWLOCK_WEB_DB_MIGRATION_USER",
          "ROWLOCK_WEB_DB_MIGRATION_PASSWORD",
          settings.migrationUser());
    }
    try {
      Flyway.configure()
          .dataSource(owner)
          .locations("classpath:db/web")
          .schemas("web_migration")
          .placeholders(Map.of("application", quoted(settings.user())))
          .cleanDisabled(true)
          .load()
          .migrate();
    } catch (FlywayException failed) {
      throw new InvalidSettingException(
          "ROWLOCK_WEB_DB_URL",
          "names a database that could not be migrated: "
              + String.valueOf(failed.getMessage()).strip().replaceAll("\\s+", " "));
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

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
