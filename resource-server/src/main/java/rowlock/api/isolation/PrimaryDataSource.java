/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Properties;
import org.postgresql.Driver;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import rowlock.database.DatabaseServer;

/**
 * Opens new connections to a primary. A connection to a standby fails: it may lack the newest
 * revocations, and the server behind an address may change while this process runs.
 */
final class PrimaryDataSource extends SimpleDriverDataSource {
  PrimaryDataSource(String url, Properties properties) {
    super(new Driver(), url, properties);
  }

  /**
   * @throws SQLTransientConnectionException if the server is a standby
   */
  @Override
  public Connection getConnection() throws SQLException {
    var connection = super.getConnection();
    try {
      if (DatabaseServer.isStandby(connection)) {
        throw new SQLTransientConnectionException("The server is a standby", "57P03");
      }
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** No effect: the driver's own timeouts limit a connection attempt. */
  @Override
  public void setLoginTimeout(int seconds) {}

  @Override
  public int getLoginTimeout() {
    return 0;
  }
}
