/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.database;

import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;

/** Reports properties of the server behind a connection. */
public final class DatabaseServer {
  /** The SQLSTATE with which PgBouncer rejects unsupported requests. */
  public static final String PROTOCOL_VIOLATION = "08P01";

  private DatabaseServer() {}

  /**
   * Returns whether a connection pooler such as PgBouncer is between the driver and the server. The
   * backend process id from the connection start then differs from that of the process that
   * executes the statements.
   */
  public static boolean isPooled(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("select pg_backend_pid()")) {
      row.next();
      return row.getInt(1) != connection.unwrap(PGConnection.class).getBackendPID();
    }
  }

  /** Returns whether the server is a standby, which may lack the newest changes. */
  public static boolean isStandby(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("select pg_is_in_recovery()")) {
      return row.next() && row.getBoolean(1);
    }
  }
}
