/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import rowlock.api.owner.Owner;

/**
 * A prepared statement behind {@code api.enter}. Its own parameters come after those of {@code
 * api.enter}, its own results after the one row of {@code api.enter}.
 *
 * <p>The driver must not part the two. It does, by a Sync message that ends the implicit
 * transaction, in front of a statement that it has had described by the server and whose rows may
 * be of any size; and it has a named statement described when the type of a parameter is open. Such
 * a statement would see no rows. So a statement with an open type is never a named one: it is
 * planned anew each time, and nothing else is different.
 */
final class OwnerScopedStatement implements InvocationHandler {

  private static final String ENTER = "select api.enter(?, ?, ?, ?); ";
  private static final int ENTER_PARAMETERS = 4;
  private static final String ENTER_WITH_PROOF = "select api.enter(?, ?, ?, ?, ?, ?, ?); ";
  private static final int ENTER_WITH_PROOF_PARAMETERS = 7;
  private static final Set<String> REFUSED =
      Set.of(
          "addBatch",
          "clearBatch",
          "executeBatch",
          "executeLargeBatch",
          "getGeneratedKeys",
          "getMetaData", // of a statement that is not yet run: the driver would describe api.enter
          "getParameterMetaData",
          "unwrap");

  /** Setters whose type is settled by their name. */
  private static final Set<String> TYPED =
      Set.of(
          "setBigDecimal",
          "setBoolean",
          "setBytes",
          "setDouble",
          "setFloat",
          "setInt",
          "setLong",
          "setShort",
          "setString");

  /** Classes whose type {@code setObject(int, Object)} settles. */
  private static final Set<Class<?>> TYPED_CLASSES =
      Set.of(
          BigDecimal.class,
          Boolean.class,
          Double.class,
          Float.class,
          Integer.class,
          Long.class,
          OffsetDateTime.class,
          Short.class,
          String.class,
          UUID.class);

  /** SQL types for which the driver sends a null with a type of the server's. */
  private static final Set<Integer> TYPED_NULLS =
      Set.of(
          Types.BIGINT,
          Types.BINARY,
          Types.BIT,
          Types.BOOLEAN,
          Types.CHAR,
          Types.DATE,
          Types.DECIMAL,
          Types.DOUBLE,
          Types.FLOAT,
          Types.INTEGER,
          Types.LONGVARBINARY,
          Types.LONGVARCHAR,
          Types.NUMERIC,
          Types.REAL,
          Types.SMALLINT,
          Types.TINYINT,
          Types.VARBINARY,
          Types.VARCHAR);

  private final PreparedStatement statement;
  private final Connection connection;
  private final Connection driver;
  private final Owner owner;

  private OwnerScopedStatement(
      PreparedStatement statement, Connection connection, Connection driver, Owner owner) {
    this.statement = statement;
    this.connection = connection;
    this.driver = driver;
    this.owner = owner;
  }

  /**
   * @param driver where the statement is prepared
   * @param connection the owner-scoped connection that the statement belongs to
   * @param owner who took the connection
   */
  static PreparedStatement prepare(
      Connection driver, Connection connection, Owner owner, String sql) throws SQLException {
    // Two texts, so that a request without a proof pays nothing for those with one.
    String enter = owner.proof() == null ? ENTER : ENTER_WITH_PROOF;
    return (PreparedStatement)
        Proxy.newProxyInstance(
            OwnerScopedStatement.class.getClassLoader(),
            new Class<?>[] {PreparedStatement.class},
            new OwnerScopedStatement(
                driver.prepareStatement(enter + sql), connection, driver, owner));
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // a proxy is equal to itself only
  public @Nullable Object invoke(Object self, Method method, Object @Nullable [] given)
      throws Throwable {
    Object[] arguments = given == null ? new Object[0] : given;
    String name = method.getName();
    if (name.startsWith("execute") && arguments.length == 0 && !REFUSED.contains(name)) {
      return execute((PreparedStatement) self, name);
    }
    if (name.startsWith("execute") || REFUSED.contains(name)) {
      throw new SQLFeatureNotSupportedException(
          "PreparedStatement." + name + " is not owner-scoped: run one prepared statement");
    }
    return switch (name) {
      case "equals" -> self == arguments[0];
      case "hashCode" -> System.identityHashCode(self);
      case "toString" -> "owner-scoped statement"; // the driver's text would show the parameters
      case "isWrapperFor" -> false;
      case "getConnection" -> connection;
      default -> {
        if (setsParameter(method)) {
          arguments[0] =
              (int) arguments[0]
                  + (owner.proof() == null ? ENTER_PARAMETERS : ENTER_WITH_PROOF_PARAMETERS);
          if (!settlesType(name, arguments)) {
            statement.unwrap(PGStatement.class).setPrepareThreshold(0); // never a named statement
          }
        }
        yield OwnerScopedRows.around(
            OwnerScopedConnection.call(statement, method, arguments), (PreparedStatement) self);
      }
    };
  }

  /** {@code setString(1, ...)} and its like, but not {@code setQueryTimeout(1)}. */
  private static boolean setsParameter(Method method) {
    return method.getName().startsWith("set")
        && method.getParameterCount() >= 2
        && method.getParameterTypes()[0] == int.class;
  }

  private static boolean settlesType(String name, Object[] arguments) {
    return switch (name) {
      case "setNull" ->
          arguments.length == 2
              && arguments[1] instanceof Integer type
              && TYPED_NULLS.contains(type);
      case "setObject" ->
          arguments.length == 2
              && arguments[1] != null
              && TYPED_CLASSES.contains(arguments[1].getClass());
      default -> TYPED.contains(name);
    };
  }

  private @Nullable Object execute(PreparedStatement self, String name) throws SQLException {
    boolean rows = enterAndExecute();
    return switch (name) {
      case "execute" -> rows;
      case "executeQuery" -> {
        if (!rows) {
          throw new SQLException("The statement returned no rows: use executeUpdate");
        }
        yield OwnerScopedRows.around(statement.getResultSet(), self);
      }
      case "executeUpdate", "executeLargeUpdate" -> {
        if (rows) {
          throw new SQLException("The statement returned rows: use executeQuery");
        }
        yield name.equals("executeUpdate")
            ? (Object) statement.getUpdateCount()
            : (Object) statement.getLargeUpdateCount();
      }
      default -> throw new SQLFeatureNotSupportedException("PreparedStatement." + name);
    };
  }

  /**
   * Runs both statements in one round trip.
   *
   * @return whether the first result after that of {@code api.enter} has rows
   */
  private boolean enterAndExecute() throws SQLException {
    // The owner of this very moment, so that a statement cannot outlive the request it was made in.
    if (!Owner.current().equals(owner)) {
      throw new IllegalStateException("The connection was taken by another owner");
    }
    statement.setObject(1, owner.id());
    statement.setString(2, owner.sessionId());
    statement.setString(3, owner.clientId());
    statement.setLong(4, owner.issuedAt().getEpochSecond());
    Owner.Proof proof = owner.proof();
    if (proof != null) {
      statement.setObject(5, proof.id());
      statement.setLong(6, proof.issuedAt().getEpochSecond());
      statement.setObject(7, proof.request());
    }
    boolean rows;
    try {
      if (!statement.execute()) {
        throw new SQLException("api.enter did not answer");
      }
      RevokedFirst.noteThatLedgerWasAsked();
      rows = statement.getMoreResults();
    } catch (SQLException failed) {
      try {
        requireNoTransaction();
      } catch (SQLException unusable) {
        // a lost connection cannot be asked; the cause must not be hidden
        failed.addSuppressed(unusable);
      }
      throw failed;
    }
    requireNoTransaction();
    return rows;
  }

  /** A {@code begin} within the statement would leave the owner behind on a pooled connection. */
  private void requireNoTransaction() throws SQLException {
    if (driver.getAutoCommit()
        && driver.unwrap(BaseConnection.class).getTransactionState() != TransactionState.IDLE) {
      driver.setAutoCommit(false);
      driver.rollback();
      driver.setAutoCommit(true);
      throw new SQLException("The statement left a transaction open: use setAutoCommit(false)");
    }
  }
}
