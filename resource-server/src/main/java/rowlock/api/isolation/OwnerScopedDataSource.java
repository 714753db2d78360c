/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.AbstractDataSource;
import rowlock.api.owner.Owner;

/**
 * The only {@link DataSource} that the domain can see. Each of its statements goes out as {@code
 * select api.enter(?, ?, ?, ?); <statement>}: one prepared statement, one round trip, one implicit
 * transaction. {@code api.enter} asks the revocation ledger, remembers the proof of possession that
 * the request came with, if any, and tells row security whose rows there are; when it refuses,
 * PostgreSQL does not run the statement behind it.
 *
 * <p>Without an owner ({@link Owner#current()}) nothing is sent. What cannot be led through {@code
 * api.enter} is refused with {@link SQLFeatureNotSupportedException}: plain statements, calls,
 * batches (send an array and {@code unnest} it) and generated keys (use {@code returning}).
 * Transactions work, at READ COMMITTED; each of their statements enters anew.
 */
public final class OwnerScopedDataSource extends AbstractDataSource {

  private final DataSource pool;

  /**
   * @param pool connections of the application role
   */
  OwnerScopedDataSource(DataSource pool) {
    this.pool = pool;
  }

  /**
   * A connection for the statements of the current owner, and of nobody else.
   *
   * @throws IllegalStateException when no owner is bound
   */
  @Override
  public Connection getConnection() throws SQLException {
    Owner owner = Owner.current(); // fails before a connection is taken
    return OwnerScopedConnection.around(pool.getConnection(), owner);
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("There is one role for statements: getConnection()");
  }
}
