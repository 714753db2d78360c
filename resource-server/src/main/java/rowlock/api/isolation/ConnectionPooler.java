/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.sql.Connection;
import java.sql.SQLException;
import rowlock.database.DatabaseServer;
import rowlock.settings.InvalidSettingException;

/**
 * The rules for a connection pooler such as PgBouncer between this process and PostgreSQL. Requests
 * and the ledger may use one in session or transaction mode; the migration needs a session of its
 * own.
 */
final class ConnectionPooler {
  private ConnectionPooler() {}

  /**
   * Opens a transaction of two statements, which a pooler in statement mode rejects.
   *
   * @throws SQLException with {@link DatabaseServer#PROTOCOL_VIOLATION} when it does
   */
  static void requireTransactions(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      statement.execute("select 1");
      statement.execute("select 1");
    }
    connection.commit();
    connection.setAutoCommit(true);
  }

  /** Returns the change that a pooler needs which rejects the connections that serve requests. */
  static InvalidSettingException refused(SQLException failure) {
    var message = String.valueOf(failure.getMessage());
    return new InvalidSettingException(
        "ROWLOCK_DB_URL",
        message.contains("startup parameter")
            ? "names a connection pooler that rejects a startup parameter of the driver. Name it in"
                + " ignore_startup_parameters of pgbouncer.ini, such as extra_float_digits."
            : "names a connection pooler that rejects transactions. Set pool_mode = transaction in"
                + " pgbouncer.ini.");
  }

  /** Returns the setting to change if the migration would use a pooler. */
  static InvalidSettingException refusedMigration() {
    return new InvalidSettingException(
        "ROWLOCK_DB_MIGRATION_URL",
        "names a connection pooler. The migration needs a session of its own: set it to the address"
            + " of PostgreSQL itself, like jdbc:postgresql://host:5432/app.");
  }
}
