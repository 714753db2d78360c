/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.RowIdLifetime;
import java.sql.SQLFeatureNotSupportedException;

/**
 * Product name and capabilities of the database and its driver, from which frameworks choose a
 * dialect. Does not list tables, and does not expose the driver's connection.
 */
final class OwnerScopedMetaData {
  private OwnerScopedMetaData() {}

  /**
   * @param connection the connection that the application uses
   */
  static DatabaseMetaData of(DatabaseMetaData metaData, Connection connection) {
    return (DatabaseMetaData)
        Proxy.newProxyInstance(
            OwnerScopedMetaData.class.getClassLoader(),
            new Class<?>[] {DatabaseMetaData.class},
            (self, method, given) -> {
              var arguments = given == null ? new Object[0] : given;
              var name = method.getName();
              Class<?> answer = method.getReturnType();
              if (name.equals("unwrap")) {
                return OwnerScopedConnection.unwrap(self, (Class<?>) arguments[0], "metadata");
              }
              if (name.equals("isWrapperFor")) {
                return ((Class<?>) arguments[0]).isInstance(self);
              }
              if (name.equals("getConnection")) {
                return connection;
              }
              if (answer.isPrimitive() || answer == String.class || answer == RowIdLifetime.class) {
                return OwnerScopedConnection.call(metaData, method, arguments);
              }
              throw new SQLFeatureNotSupportedException(
                  "DatabaseMetaData."
                      + name
                      + " is not owner-scoped: select from information_schema with"
                      + " prepareStatement(sql)");
            });
  }
}
