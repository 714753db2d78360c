/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.AbstractDataSource;
import rowlock.api.owner.Owner;

/**
 * The only {@link DataSource} that the application uses. Each statement is sent as {@code select
 * rowlock.enter(?, ?, ?, ?); <statement>}: one prepared statement, one round trip, one implicit
 * transaction. {@code rowlock.enter} checks the revocation ledger, records the proof of possession
 * of the request, if any, and sets the owner for row security. If it raises an error, PostgreSQL
 * does not run the statement after it.
 *
 * <p>Generated keys, batches, transactions at READ COMMITTED, read-only transactions, savepoints
 * and fetch sizes work. Each statement of a transaction enters again, and a batch enters once.
 * Unsupported calls are rejected with {@link SQLFeatureNotSupportedException}, whose message names
 * the alternative: procedure calls, updatable results, large objects, tables in {@code
 * DatabaseMetaData}, and {@code unwrap} to the driver.
 *
 * <p>Without an owner ({@link Owner#current()}) no statement is sent. Only the product name and
 * capabilities of the database are available then, from which frameworks choose a dialect at
 * start-up.
 */
public final class OwnerScopedDataSource extends AbstractDataSource {
  private final DataSource pool;
  private final ConnectionQueue queue;

  /**
   * @param pool connections of the application role
   * @param queue gives the same connections to requests
   */
  OwnerScopedDataSource(DataSource pool, ConnectionQueue queue) {
    this.pool = pool;
    this.queue = queue;
  }

  /**
   * Returns a connection for the statements of the current owner only. Without an owner, every
   * statement on it throws {@link IllegalStateException}.
   */
  @Override
  public Connection getConnection() throws SQLException {
    if (!Owner.isBound()) {
      return UnownedConnection.around(pool.getConnection());
    }
    return OwnerScopedConnection.around(queue.take(), Owner.current(), queue::release);
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("There is one role for statements: getConnection()");
  }
}
