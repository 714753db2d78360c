/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A statement without parameters: each text becomes a prepared statement. */
final class OwnerScopedText implements InvocationHandler {
  private record Setting(Method method, Object[] arguments) {}

  private final Connection connection;
  private final int type;
  private final Map<String, Setting> settings = new LinkedHashMap<>();
  private PreparedStatement last;

  private OwnerScopedText(Connection connection, int type) throws SQLException {
    this.connection = connection;
    this.type = type;
    this.last = connection.prepareStatement(""); // nothing is sent for it
  }

  /**
   * @param connection the owner-scoped connection
   * @param arguments those of {@link Connection#createStatement}
   */
  static Statement statement(Connection connection, Object[] arguments) throws SQLException {
    var type = arguments.length == 0 ? ResultSet.TYPE_FORWARD_ONLY : (int) arguments[0];
    return (Statement)
        Proxy.newProxyInstance(
            OwnerScopedText.class.getClassLoader(),
            new Class<?>[] {Statement.class},
            new OwnerScopedText(connection, type));
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // a proxy is equal to itself only
  public @Nullable Object invoke(Object self, Method method, Object @Nullable [] given)
      throws Throwable {
    var arguments = given == null ? new Object[0] : given;
    var name = method.getName();
    if (name.startsWith("execute") && arguments.length > 0) {
      prepare(arguments);
      return switch (name) {
        case "execute" -> last.execute();
        case "executeQuery" -> last.executeQuery();
        case "executeUpdate" -> last.executeUpdate();
        default -> last.executeLargeUpdate();
      };
    }
    if (name.startsWith("set")) {
      settings.put(name, new Setting(method, arguments));
    }
    return switch (name) {
      case "addBatch", "clearBatch", "executeBatch", "executeLargeBatch" ->
          throw new SQLFeatureNotSupportedException(
              "Statement." + name + " is not owner-scoped: use prepareStatement(sql).addBatch()");
      case "equals" -> self == arguments[0];
      case "hashCode" -> System.identityHashCode(self);
      case "toString" -> "owner-scoped statement";
      case "unwrap" -> OwnerScopedConnection.unwrap(self, (Class<?>) arguments[0], "statement");
      case "isWrapperFor" -> ((Class<?>) arguments[0]).isInstance(self);
      default -> OwnerScopedConnection.call(last, method, arguments);
    };
  }

  private void prepare(Object[] arguments) throws Throwable {
    last.close();
    var sql = (String) arguments[0];
    var keys = arguments.length > 1 ? arguments[1] : Statement.NO_GENERATED_KEYS;
    if (keys instanceof String[] columns) {
      last = connection.prepareStatement(sql, columns);
    } else if (keys instanceof int[] columns) {
      last = connection.prepareStatement(sql, columns);
    } else if (keys.equals(Statement.RETURN_GENERATED_KEYS)) {
      last = connection.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS);
    } else {
      last = connection.prepareStatement(sql, type, ResultSet.CONCUR_READ_ONLY);
    }
    for (var setting : settings.values()) {
      OwnerScopedConnection.call(last, setting.method(), setting.arguments());
    }
  }
}
