/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.Properties;
import org.postgresql.Driver;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

/**
 * New connections to a primary. One to a standby fails: a standby may not know yet what was
 * revoked, and which server an address leads to may change while this process runs.
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
    Connection connection = super.getConnection();
    try {
      if (isStandby(connection)) {
        throw new SQLTransientConnectionException("The server is a standby", "57P03");
      }
      return connection;
    } catch (SQLException failed) {
      connection.close();
      throw failed;
    }
  }

  static boolean isStandby(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select pg_is_in_recovery()")) {
      return row.next() && row.getBoolean(1);
    }
  }

  /** The driver's own timeouts limit a connection attempt. */
  @Override
  public void setLoginTimeout(int seconds) {}

  @Override
  public int getLoginTimeout() {
    return 0;
  }
}
