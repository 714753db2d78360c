/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.sql.Array;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** An array that does not expose the driver's statement or connection. */
abstract class OwnerScopedArray extends DriverWrapper implements Array {
  private interface Factory {
    OwnerScopedArray create(Array target, Statement statement);
  }

  private static final Factory FACTORY =
      ForwardingClass.define(OwnerScopedArray.class, Factory.class, method -> true);

  private final Array target;
  private final Statement statement;

  OwnerScopedArray(Array target, Statement statement) {
    this.target = target;
    this.statement = statement;
  }

  /**
   * Wraps an array of the driver.
   *
   * @param statement the owner-scoped statement that was asked
   */
  static Array around(Array target, Statement statement) {
    return FACTORY.create(target, statement);
  }

  /** Returns the driver's array of a wrapped one; any other array itself. */
  static Array driverArray(Array array) {
    return array instanceof OwnerScopedArray wrapper ? wrapper.target : array;
  }

  @Override
  Array target() {
    return target;
  }

  @Override
  @Nullable Object around(@Nullable Object value) throws SQLException {
    return OwnerScopedRows.around(value, statement);
  }

  @Override
  public final String toString() {
    return target.toString();
  }
}
