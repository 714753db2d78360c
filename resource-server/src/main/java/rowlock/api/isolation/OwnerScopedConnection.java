/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import rowlock.api.owner.Owner;

/** Hands out owner-scoped prepared statements and transactions, and nothing else. */
final class OwnerScopedConnection implements InvocationHandler {

  private static final Set<String> HARMLESS =
      Set.of(
          "abort",
          "clearWarnings",
          "close",
          "commit",
          "getAutoCommit",
          "getTransactionIsolation",
          "getWarnings",
          "isClosed",
          "isReadOnly",
          "isValid",
          "rollback",
          "setAutoCommit",
          "setReadOnly");

  private final Connection connection;
  private final Owner owner;

  private OwnerScopedConnection(Connection connection, Owner owner) {
    this.connection = connection;
    this.owner = owner;
  }

  /**
   * @param owner the only one whose statements the connection takes
   */
  static Connection around(Connection connection, Owner owner) {
    return (Connection)
        Proxy.newProxyInstance(
            OwnerScopedConnection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            new OwnerScopedConnection(connection, owner));
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // a proxy is equal to itself only
  public @Nullable Object invoke(Object self, Method method, Object @Nullable [] given)
      throws Throwable {
    Object[] arguments = given == null ? new Object[0] : given;
    String name = method.getName();
    if (name.equals("prepareStatement")) {
      return prepare((Connection) self, arguments);
    }
    if (HARMLESS.contains(name)) {
      return call(connection, method, arguments);
    }
    return switch (name) {
      case "setTransactionIsolation" -> {
        setIsolation((int) arguments[0]);
        yield null;
      }
      case "equals" -> self == arguments[0];
      case "hashCode" -> System.identityHashCode(self);
      case "toString" -> "owner-scoped " + connection;
      case "isWrapperFor" -> false; // the connection behind it is not for the domain
      case "getMetaData" -> facts(connection.getMetaData());
      default ->
          throw new SQLFeatureNotSupportedException(
              "Connection." + name + " is not owner-scoped: use prepareStatement(sql)");
    };
  }

  /** A transaction that keeps its first snapshot would not see that its session has been ended. */
  private void setIsolation(int level) throws SQLException {
    if (level != Connection.TRANSACTION_READ_COMMITTED) {
      throw new SQLFeatureNotSupportedException(
          "Owner-scoped transactions are READ COMMITTED: each statement asks the ledger anew");
    }
    connection.setTransactionIsolation(level);
  }

  private PreparedStatement prepare(Connection self, Object[] arguments) throws SQLException {
    boolean plain =
        switch (arguments.length) {
          case 1 -> true;
          case 2 -> arguments[1] instanceof Integer keys && keys == Statement.NO_GENERATED_KEYS;
          default ->
              arguments[1] instanceof Integer type
                  && type == ResultSet.TYPE_FORWARD_ONLY
                  && arguments[2] instanceof Integer concurrency
                  && concurrency == ResultSet.CONCUR_READ_ONLY;
        };
    if (!plain) {
      throw new SQLFeatureNotSupportedException(
          "Owner-scoped statements have forward-only results and no generated keys: use returning");
    }
    return OwnerScopedStatement.prepare(connection, self, owner, (String) arguments[0]);
  }

  /** What Spring asks of a driver: names and abilities. Not its tables, and no way to it. */
  private static DatabaseMetaData facts(DatabaseMetaData metaData) {
    return (DatabaseMetaData)
        Proxy.newProxyInstance(
            OwnerScopedConnection.class.getClassLoader(),
            new Class<?>[] {DatabaseMetaData.class},
            (self, method, arguments) -> {
              Class<?> answer = method.getReturnType();
              if (arguments == null && (answer.isPrimitive() || answer == String.class)) {
                return call(metaData, method, new Object[0]);
              }
              throw new SQLFeatureNotSupportedException(
                  "DatabaseMetaData." + method.getName() + " is not owner-scoped");
            });
  }

  /** Calls the driver, whose exceptions come out as they are. */
  static @Nullable Object call(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException thrown) {
      throw thrown.getTargetException();
    }
  }
}
