/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A connection for a thread without an owner. It provides the product name and capabilities of the
 * database, from which frameworks choose a dialect at start-up, and sends no statement except the
 * one with which Hibernate reads the version.
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

  /** The beginning of the message of every rejected statement. */
  static final String UNBOUND = "No owner is bound";

  private static final String MESSAGE =
      UNBOUND
          + ": rows are out of reach outside a request. For work on another thread, keep"
          + " Owner.current() of the request and run the work by its method call.";

  private static final String VERSION = "select version()";

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
    var arguments = given == null ? new Object[0] : given;
    var name = method.getName();
    if (HARMLESS.contains(name)) {
      return OwnerScopedConnection.call(driver, method, arguments);
    }
    return switch (name) {
      case "equals" -> self == arguments[0];
      case "hashCode" -> System.identityHashCode(self);
      case "toString" -> "connection without an owner";
      case "getMetaData" -> OwnerScopedMetaData.of(driver.getMetaData(), (Connection) self);
      case "unwrap" -> OwnerScopedConnection.unwrap(self, (Class<?>) arguments[0], "connection");
      case "isWrapperFor" -> ((Class<?>) arguments[0]).isInstance(self);
      case "createStatement" -> statement((Connection) self);
      default -> throw unbound();
    };
  }

  /** Hibernate distinguishes PostgreSQL from compatible databases by this text. */
  private Statement statement(Connection self) throws SQLException {
    var version = driver.prepareStatement(VERSION);
    return (Statement)
        Proxy.newProxyInstance(
            UnownedConnection.class.getClassLoader(),
            new Class<?>[] {Statement.class},
            (statement, method, given) -> {
              var arguments = given == null ? new Object[0] : given;
              var name = method.getName();
              if (name.equals("executeQuery") && VERSION.equals(arguments[0])) {
                return OwnerScopedRows.around(version.executeQuery(), (Statement) statement);
              }
              if (name.equals("getConnection")) {
                return self;
              }
              var asks = name.startsWith("get") && method.getReturnType().isPrimitive();
              if (asks || name.equals("close") || name.equals("isClosed")) {
                return OwnerScopedConnection.call(version, method, arguments);
              }
              throw unbound();
            });
  }

  private static IllegalStateException unbound() {
    return new IllegalStateException(MESSAGE);
  }
}
