/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rowlock.settings.InvalidSettingException;

/** Applies migrations, and skips them if a newer version has migrated the database. */
public final class DatabaseMigrations {
  // Flyway uses three at a time
  private static final int CONNECTIONS = 4;
  private static final long CONNECT_MILLIS = 5_000;

  private static final Logger log = LoggerFactory.getLogger(DatabaseMigrations.class);

  private DatabaseMigrations() {}

  /**
   * Applies the migrations in the order given. Applies none of a configuration if a newer version
   * of the application has migrated the database: the repeatable migrations of this version are
   * older too, and its grants would revoke what the newer one needs.
   *
   * <p>Keeps the connections open between the migrations, because a login with a password costs the
   * client about 10 ms of CPU time (SCRAM, RFC 5802), and Flyway connects ten times.
   *
   * @param connections connections of the login that migrates
   * @param urlVariable the environment variable of the JDBC URL
   * @param migrations their data source is set here
   * @throws InvalidSettingException if a migration fails, with the message of the database
   */
  public static void apply(
      DataSource connections, String urlVariable, List<FluentConfiguration> migrations) {
    try (var pool = pool(connections)) {
      for (var migration : migrations) {
        apply(migration.dataSource(pool).load());
      }
    } catch (FlywayException e) {
      throw new InvalidSettingException(
          urlVariable, "names a database that could not be migrated: " + cause(e));
    }
  }

  private static HikariDataSource pool(DataSource connections) {
    var config = new HikariConfig();
    config.setPoolName("migration");
    config.setDataSource(connections);
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(0);
    config.setConnectionTimeout(CONNECT_MILLIS);
    // a connection that cannot be opened is then reported by Flyway, as is a failed script
    config.setInitializationFailTimeout(-1);
    return new HikariDataSource(config);
  }

  private static void apply(Flyway flyway) {
    if (isNewer(flyway)) {
      log.warn(
          "The database was migrated by a newer version of this application. This version changes"
              + " nothing in it: it serves as the old version of a rolling upgrade");
    } else {
      flyway.migrate();
    }
  }

  private static boolean isNewer(Flyway flyway) {
    return Arrays.stream(flyway.info().applied())
        .anyMatch(migration -> migration.getState() == MigrationState.FUTURE_SUCCESS);
  }

  private static String cause(Throwable failure) {
    var root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).strip().replaceAll("\\s+", " ");
  }
}
