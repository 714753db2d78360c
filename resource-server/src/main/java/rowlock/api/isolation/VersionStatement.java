/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * A statement for a thread without an owner. It accepts one text, by which Hibernate distinguishes
 * PostgreSQL from compatible databases.
 */
abstract class VersionStatement extends DriverWrapper implements Statement {
  private interface Factory {
    VersionStatement create(PreparedStatement target, Connection connection);
  }

  private static final String SQL = "select version()";

  private static final Factory FACTORY =
      ForwardingClass.define(VersionStatement.class, Factory.class, VersionStatement::isForwarded);

  private final PreparedStatement target;
  private final Connection connection;

  VersionStatement(PreparedStatement target, Connection connection) {
    this.target = target;
    this.connection = connection;
  }

  /**
   * @param driver the connection of the driver
   * @param connection the connection that the application uses
   */
  static Statement on(Connection driver, Connection connection) throws SQLException {
    return FACTORY.create(driver.prepareStatement(SQL), connection);
  }

  private static boolean isForwarded(Method method) {
    var name = method.getName();
    return name.equals("close")
        || name.equals("isClosed")
        || name.startsWith("get") && method.getReturnType().isPrimitive();
  }

  @Override
  PreparedStatement target() {
    return target;
  }

  @Override
  RuntimeException refusal(String method) {
    return UnownedConnection.unbound();
  }

  @Override
  public final @Nullable ResultSet executeQuery(String sql) throws SQLException {
    if (!sql.equals(SQL)) {
      throw UnownedConnection.unbound();
    }
    return OwnerScopedRows.around(target.executeQuery(), this);
  }

  @Override
  public final Connection getConnection() {
    return connection;
  }

  @Override
  public final String toString() {
    return "statement without an owner";
  }
}
