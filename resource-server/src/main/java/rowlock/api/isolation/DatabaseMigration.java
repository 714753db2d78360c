/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.util.Arrays;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rowlock.api.settings.DatabaseSettings;
import rowlock.settings.InvalidSettingException;

/**
 * Brings the database up to date, as the role that owns the tables. The history of migrations has a
 * schema of its own, which the application cannot see.
 */
final class DatabaseMigration {

  /** The schema of the history. */
  static final String SCHEMA = "migration";

  private static final Logger log = LoggerFactory.getLogger(DatabaseMigration.class);

  private DatabaseMigration() {}

  static void run(DatabaseSettings settings, DatabaseConnections connections) {
    new DatabaseRoles(settings, connections).prepare();
    try {
      Flyway flyway =
          Flyway.configure()
              .dataSource(connections.migration(DatabaseRoles.OWNER))
              .locations("classpath:db/migration")
              .schemas(SCHEMA)
              .createSchemas(false)
              .placeholders(
                  Map.of(
                      "application", DatabaseRoles.quoted(settings.user()),
                      "ledger", DatabaseRoles.quoted(settings.ledgerUser())))
              .cleanDisabled(true)
              .load();
      if (isNewer(flyway)) {
        log.warn(
            "The database was migrated by a newer version of task-api. This version changes nothing in"
                + " it: it serves as the old version of a rolling upgrade");
      } else {
        flyway.migrate();
      }
    } catch (FlywayException failed) {
      throw new InvalidSettingException(
          "ROWLOCK_DB_URL", "names a database that could not be migrated: " + oneLine(failed));
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
