/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import rowlock.api.settings.DatabaseSettings;
import rowlock.settings.InvalidSettingException;

/**
 * Brings the database up to date, as the role that owns the tables. The history of migrations has a
 * schema of its own, which the application cannot see.
 */
final class DatabaseMigration {

  /** The schema of the history. */
  static final String SCHEMA = "migration";

  private DatabaseMigration() {}

  static void run(DatabaseSettings settings, DatabaseConnections connections) {
    new DatabaseRoles(settings, connections).prepare();
    try {
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
          .load()
          .migrate();
    } catch (FlywayException failed) {
      throw new InvalidSettingException(
          "ROWLOCK_DB_URL", "names a database that could not be migrated: " + oneLine(failed));
    }
  }

  private static String oneLine(FlywayException failed) {
    Throwable root = failed;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).strip().replaceAll("\\s+", " ");
  }
}
