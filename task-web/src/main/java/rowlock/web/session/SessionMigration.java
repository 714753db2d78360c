/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import rowlock.database.DatabaseLogin;
import rowlock.database.DatabaseMigrations;
import rowlock.database.DatabasePreparation;
import rowlock.database.DatabaseServer;
import rowlock.settings.InvalidSettingException;
import rowlock.web.settings.DatabaseSettings;

/**
 * Migrates the database with the login that owns the tables, and creates the application's login if
 * it is missing.
 */
final class SessionMigration {
  private static final String MIGRATION_USER = "ROWLOCK_WEB_DB_MIGRATION_USER";

  private SessionMigration() {}

  static void run(DatabaseSettings settings) {
    var owner =
        new DriverManagerDataSource(
            settings.url(), settings.migrationUser(), settings.migrationPassword());
    try {
      DatabasePreparation.run(
          owner,
          MIGRATION_USER,
          database -> {
            requireServer(database.connection());
            database.createLogin(SessionDatabase.login(settings), List.of());
            database.restrictDatabase(List.of(settings.user()));
          });
    } catch (SQLException e) {
      throw SessionDatabase.refused(
          e,
          new DatabaseLogin(
              settings.migrationUser(),
              MIGRATION_USER,
              settings.migrationPassword(),
              "ROWLOCK_WEB_DB_MIGRATION_PASSWORD",
              SessionDatabase.URL));
    }
    DatabaseMigrations.apply(
        owner,
        SessionDatabase.URL,
        List.of(
            Flyway.configure()
                .locations("classpath:db/web")
                .schemas("web_migration")
                .placeholders(Map.of("application", DatabasePreparation.quoted(settings.user())))
                .cleanDisabled(true)));
  }

  /**
   * Rejects a connection pooler, because prepared statements and timeouts belong to the database
   * session. Rejects a standby, because its data may lag: an ended session would be live there.
   */
  private static void requireServer(Connection connection) throws SQLException {
    if (DatabaseServer.isPooled(connection)) {
      throw SessionDatabase.pooler();
    }
    if (DatabaseServer.isStandby(connection)) {
      throw new InvalidSettingException(
          SessionDatabase.URL,
          "names a standby, whose data may lag. Set it to the primary, or to all servers with the"
              + " parameter targetServerType=primary.");
    }
  }
}
