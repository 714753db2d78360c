/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.ResultSet;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** Result sets and arrays that do not expose the driver's statement or connection. */
final class OwnerScopedRows implements InvocationHandler {
  /** Large objects are read by their identifier, which bypasses row security. */
  static final String NO_LARGE_OBJECTS =
      "Large objects have no owner: use a column of the type bytea or text";

  private final Object target;
  private final Statement statement;

  private OwnerScopedRows(Object target, Statement statement) {
    this.target = target;
    this.statement = statement;
  }

  /**
   * Wraps a value of the driver if it exposes a connection.
   *
   * @param value the value of the driver
   * @param statement the owner-scoped statement that was asked
   * @return the value itself if it exposes no connection
   */
  static @Nullable Object around(@Nullable Object value, Statement statement)
      throws SQLFeatureNotSupportedException {
    return switch (value) {
      case null -> null;
      case ResultSet rows -> proxy(ResultSet.class, rows, statement);
      case Array array -> proxy(Array.class, array, statement);
      case Statement ofDriver -> statement;
      case Blob blob -> throw new SQLFeatureNotSupportedException(NO_LARGE_OBJECTS);
      case Clob clob -> throw new SQLFeatureNotSupportedException(NO_LARGE_OBJECTS);
      default -> value;
    };
  }

  /** Returns the driver's array for a wrapped one; any other value itself. */
  static Object driverValue(Object value) {
    return value instanceof Array
            && Proxy.isProxyClass(value.getClass())
            && Proxy.getInvocationHandler(value) instanceof OwnerScopedRows rows
        ? rows.target
        : value;
  }

  private static Object proxy(Class<?> type, Object target, Statement statement) {
    return Proxy.newProxyInstance(
        OwnerScopedRows.class.getClassLoader(),
        new Class<?>[] {type},
        new OwnerScopedRows(target, statement));
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // a proxy is equal to itself only
  public @Nullable Object invoke(Object self, Method method, Object @Nullable [] given)
      throws Throwable {
    var arguments = given == null ? new Object[0] : given;
    return switch (method.getName()) {
      case "unwrap" -> OwnerScopedConnection.unwrap(self, (Class<?>) arguments[0], "rows");
      case "isWrapperFor" -> ((Class<?>) arguments[0]).isInstance(self);
      case "equals" -> self == arguments[0];
      case "hashCode" -> System.identityHashCode(self);
      case "toString" -> target instanceof Array ? target.toString() : "owner-scoped rows";
      default -> around(OwnerScopedConnection.call(target, method, arguments), statement);
    };
  }
}
