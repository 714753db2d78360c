/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import javax.sql.DataSource;
import rowlock.api.settings.DatabaseSettings;

/**
 * The connections of the application login. They lead to a migrated database in which row security
 * binds that login; there is no other way to obtain them.
 */
final class ApplicationPool implements AutoCloseable {
  private final HikariDataSource connections;
  private final ConnectionQueue queue;

  private ApplicationPool(HikariDataSource connections, MeterRegistry meters) {
    this.connections = connections;
    this.queue =
        new ConnectionQueue(
            connections,
            connections.getPoolName(),
            connections.getMaximumPoolSize(),
            ConnectionQueue.MAX_WAIT,
            meters);
  }

  /**
   * Migrates the database, opens the pool and checks it.
   *
   * @throws rowlock.api.settings.InvalidSettingException with one line that names the setting to
   *     change
   */
  static ApplicationPool open(DatabaseSettings settings, MeterRegistry meters) {
    var database = new DatabaseConnections(settings);
    DatabaseMigration.run(settings, database);
    var connections = database.application(meters);
    try {
      RowSecurityGuard.check(connections);
    } catch (RuntimeException e) {
      connections.close();
      throw e;
    }
    return new ApplicationPool(connections, meters);
  }

  /** Returns connections without an owner, which see no row. */
  DataSource connections() {
    return connections;
  }

  /** Returns the data source that the application uses. */
  OwnerScopedDataSource rows() {
    return new OwnerScopedDataSource(connections, queue);
  }

  @Override
  public void close() {
    connections.close();
  }
}
