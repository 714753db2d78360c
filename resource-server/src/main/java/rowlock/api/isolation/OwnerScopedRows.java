/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** Rows that do not expose the driver's statement or connection. */
abstract class OwnerScopedRows extends DriverWrapper implements ResultSet {
  private interface Factory {
    OwnerScopedRows create(ResultSet target, Statement statement);
  }

  private static final Factory FACTORY =
      ForwardingClass.define(OwnerScopedRows.class, Factory.class, method -> true);

  /** Large objects are read by their identifier, which bypasses row security. */
  static final String NO_LARGE_OBJECTS =
      "Large objects have no owner: use a column of the type bytea or text";

  private final ResultSet target;
  private final Statement statement;

  OwnerScopedRows(ResultSet target, Statement statement) {
    this.target = target;
    this.statement = statement;
  }

  /**
   * Wraps rows of the driver.
   *
   * @param statement the owner-scoped statement that was asked
   */
  static @Nullable ResultSet around(@Nullable ResultSet rows, Statement statement) {
    return rows == null ? null : FACTORY.create(rows, statement);
  }

  /**
   * Wraps a value of the driver if it exposes a connection.
   *
   * @param value the value of the driver
   * @param statement the owner-scoped statement that was asked
   * @return the value itself if it exposes no connection
   */
  static @Nullable Object around(@Nullable Object value, Statement statement) throws SQLException {
    return switch (value) {
      case null -> null;
      case ResultSet rows -> around(rows, statement);
      case Array array -> OwnerScopedArray.around(array, statement);
      case Statement ofDriver -> statement;
      case Blob blob -> throw new SQLFeatureNotSupportedException(NO_LARGE_OBJECTS);
      case Clob clob -> throw new SQLFeatureNotSupportedException(NO_LARGE_OBJECTS);
      default -> value;
    };
  }

  @Override
  ResultSet target() {
    return target;
  }

  @Override
  @Nullable Object around(@Nullable Object value) throws SQLException {
    return around(value, statement);
  }

  @Override
  public final String toString() {
    return "owner-scoped rows";
  }
}
