/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a thread without an owner gets: a connection that names the database and its abilities, and
 * sends no statement. Frameworks choose their dialect with it while the application starts.
 */
final class UnownedConnection implements InvocationHandler {

  private static final Set<String> HARMLESS =
      Set.of(
          "clearWarnings",
          "close",
          "getAutoCommit",
          "getCatalog",
          "getHoldability",
          "getSchema",
          "getTransactionIsolation",
          "getWarnings",
          "isClosed",
          "isReadOnly",
          "isValid");

  private final Connection driver;

  private UnownedConnection(Connection driver) {
    this.driver = driver;
  }

  static Connection around(Connection driver) {
    return (Connection)
        Proxy.newProxyInstance(
            UnownedConnection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            new UnownedConnection(driver));
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // a proxy is equal to itself only
  public @Nullable Object invoke(Object self, Method method, Object @Nullable [] given)
      throws Throwable {
    Object[] arguments = given == null ? new Object[0] : given;
    String name = method.getName();
    if (HARMLESS.contains(name)) {
      return OwnerScopedConnection.call(driver, method, arguments);
    }
    return switch (name) {
      case "equals" -> self == arguments[0];
      case "hashCode" -> System.identityHashCode(self);
      case "toString" -> "connection without an owner";
      case "getMetaData" -> OwnerScopedMetaData.of(driver.getMetaData());
      case "unwrap" -> OwnerScopedConnection.unwrap(self, (Class<?>) arguments[0], "connection");
      case "isWrapperFor" -> ((Class<?>) arguments[0]).isInstance(self);
      default ->
          throw new IllegalStateException(
              "No owner is bound: rows are out of reach outside a request");
    };
  }
}
