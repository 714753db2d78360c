/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.RowIdLifetime;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;

/**
 * Product name and capabilities of the database and its driver, from which frameworks choose a
 * dialect. Does not list tables, and does not expose the driver's connection.
 */
abstract class OwnerScopedMetaData extends DriverWrapper implements DatabaseMetaData {
  private interface Factory {
    OwnerScopedMetaData create(DatabaseMetaData target, Connection connection);
  }

  private static final Factory FACTORY =
      ForwardingClass.define(
          OwnerScopedMetaData.class, Factory.class, OwnerScopedMetaData::isCapability);

  private final DatabaseMetaData target;
  private final Connection connection;

  OwnerScopedMetaData(DatabaseMetaData target, Connection connection) {
    this.target = target;
    this.connection = connection;
  }

  /**
   * @param connection the connection that the application uses
   */
  static DatabaseMetaData of(DatabaseMetaData target, Connection connection) {
    return FACTORY.create(target, connection);
  }

  private static boolean isCapability(Method method) {
    var answer = method.getReturnType();
    return answer.isPrimitive() || answer == String.class || answer == RowIdLifetime.class;
  }

  @Override
  DatabaseMetaData target() {
    return target;
  }

  @Override
  SQLException refusal(String method) {
    return new SQLFeatureNotSupportedException(
        "DatabaseMetaData."
            + method
            + " is not owner-scoped: select from information_schema with prepareStatement(sql)");
  }

  @Override
  public final Connection getConnection() {
    return connection;
  }

  @Override
  public final String toString() {
    return target.toString();
  }
}
