/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.util.Arrays;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rowlock.api.settings.DatabaseSettings;
import rowlock.settings.InvalidSettingException;

/**
 * Migrates the database as the role that owns the tables: first the engine, in its own schema, then
 * the scripts of the application, by default in {@code db/migration}. Each has its own history, on
 * which no application login has a right.
 */
final class DatabaseMigration {

  /** The schema of the engine's objects and of the history of its migrations. */
  static final String SCHEMA = "rowlock";

  private static final String ENGINE_SCRIPTS = "classpath:db/rowlock";

  private static final Logger log = LoggerFactory.getLogger(DatabaseMigration.class);

  private DatabaseMigration() {}

  static void run(DatabaseSettings settings, DatabaseConnections connections) {
    new DatabaseRoles(settings, connections).prepare();
    try {
      FluentConfiguration engine = configuration(connections, SCHEMA, ENGINE_SCRIPTS);
      Map<String, String> logins =
          Map.of(
              "application", DatabaseRoles.quoted(settings.user()),
              "application_name", "'" + settings.user().replace("'", "''") + "'",
              "ledger", DatabaseRoles.quoted(settings.ledgerUser()));
      migrate(engine.table("schema_history").placeholders(logins).load());
      String[] scripts = settings.scripts().toArray(String[]::new);
      migrate(configuration(connections, settings.schema(), scripts).load());
    } catch (FlywayException failed) {
      throw new InvalidSettingException(
          "ROWLOCK_DB_URL", "names a database that could not be migrated: " + oneLine(failed));
    }
  }

  private static FluentConfiguration configuration(
      DatabaseConnections connections, String schema, String... scripts) {
    return Flyway.configure()
        .dataSource(connections.migration(DatabaseRoles.OWNER))
        .locations(scripts)
        .schemas(schema)
        .createSchemas(false)
        .cleanDisabled(true);
  }

  private static void migrate(Flyway flyway) {
    if (isNewer(flyway)) {
      log.warn(
          "The database was migrated by a newer version of this application. This version changes"
              + " nothing in it: it serves as the old version of a rolling upgrade");
    } else {
      flyway.migrate();
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

  private static String oneLine(FlywayException failed) {
    Throwable root = failed;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).strip().replaceAll("\\s+", " ");
  }
}
