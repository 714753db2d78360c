/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import javax.sql.DataSource;
import rowlock.api.settings.DatabaseSettings;

/**
 * The connections of the application login, to a database that is up to date and in which row
 * security binds that login. There is no way to get them otherwise.
 */
final class ApplicationPool implements AutoCloseable {

  private final HikariDataSource connections;

  private ApplicationPool(HikariDataSource connections) {
    this.connections = connections;
  }

  /**
   * Migrates, opens the pool and checks it.
   *
   * @throws rowlock.api.settings.InvalidSettingException with one line that says what to mend
   */
  static ApplicationPool open(DatabaseSettings settings, MeterRegistry meters) {
    DatabaseConnections database = new DatabaseConnections(settings);
    DatabaseMigration.run(settings, database);
    HikariDataSource connections = database.application(meters);
    try {
      RowSecurityGuard.check(connections);
    } catch (RuntimeException refused) {
      connections.close();
      throw refused;
    }
    return new ApplicationPool(connections);
  }

  /** Connections without an owner: they see no row. */
  DataSource connections() {
    return connections;
  }

  @Override
  public void close() {
    connections.close();
  }
}
