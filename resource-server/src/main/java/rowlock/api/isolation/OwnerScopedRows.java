/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** Rows, and arrays in them, from which no way leads to the driver's statement or connection. */
final class OwnerScopedRows implements InvocationHandler {

  private final Object target;
  private final PreparedStatement statement;

  private OwnerScopedRows(Object target, PreparedStatement statement) {
    this.target = target;
    this.statement = statement;
  }

  /**
   * Puts what the driver has answered behind a guard, when it leads to a connection.
   *
   * @param value what the driver has answered
   * @param statement the owner-scoped statement that was asked
   * @return the value itself when it holds no connection
   */
  static @Nullable Object around(@Nullable Object value, PreparedStatement statement) {
    if (value instanceof ResultSet) {
      return proxy(ResultSet.class, value, statement);
    }
    if (value instanceof Array) {
      return proxy(Array.class, value, statement);
    }
    return value instanceof Statement ? statement : value;
  }

  private static Object proxy(Class<?> type, Object target, PreparedStatement statement) {
    return Proxy.newProxyInstance(
        OwnerScopedRows.class.getClassLoader(),
        new Class<?>[] {type},
        new OwnerScopedRows(target, statement));
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // a proxy is equal to itself only
  public @Nullable Object invoke(Object self, Method method, Object @Nullable [] given)
      throws Throwable {
    Object[] arguments = given == null ? new Object[0] : given;
    return switch (method.getName()) {
      case "unwrap" ->
          throw new SQLFeatureNotSupportedException("The driver's rows are not for the domain");
      case "isWrapperFor" -> false;
      case "equals" -> self == arguments[0];
      case "hashCode" -> System.identityHashCode(self);
      case "toString" -> "owner-scoped rows";
      default -> around(OwnerScopedConnection.call(target, method, arguments), statement);
    };
  }
}
