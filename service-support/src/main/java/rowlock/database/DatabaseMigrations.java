/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.database;

import java.util.Arrays;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rowlock.settings.InvalidSettingException;

/** Applies migrations, also as the old version of a rolling upgrade. */
public final class DatabaseMigrations {

  private static final Logger log = LoggerFactory.getLogger(DatabaseMigrations.class);

  private DatabaseMigrations() {}

  /**
   * Applies the migrations, or none if a newer version of the application has migrated the
   * database: the repeatable migrations of this version are older too, and its grants would revoke
   * what the newer one needs.
   *
   * @param urlVariable the environment variable of the JDBC URL
   * @throws InvalidSettingException if a migration fails, with the message of the database
   */
  public static void apply(Flyway flyway, String urlVariable) {
    try {
      if (isNewer(flyway)) {
        log.warn(
            "The database was migrated by a newer version of this application. This version changes"
                + " nothing in it: it serves as the old version of a rolling upgrade");
      } else {
        flyway.migrate();
      }
    } catch (FlywayException failed) {
      throw new InvalidSettingException(
          urlVariable, "names a database that could not be migrated: " + cause(failed));
    }
  }

  private static boolean isNewer(Flyway flyway) {
    return Arrays.stream(flyway.info().applied())
        .anyMatch(migration -> migration.getState() == MigrationState.FUTURE_SUCCESS);
  }

  private static String cause(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).strip().replaceAll("\\s+", " ");
  }
}
