/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import rowlock.api.owner.Owner;

/**
 * Provides owner-scoped statements and transactions only.
 *
 * <p>The driver does not know that a transaction is read-only: {@link EnterCall} sets it after
 * {@code rowlock.enter} has recorded the proof of possession.
 */
final class OwnerScopedConnection implements InvocationHandler {
  private static final Set<String> HARMLESS =
      Set.of(
          "abort",
          "beginRequest",
          "clearWarnings",
          "createSQLXML",
          "createStruct",
          "endRequest",
          "getAutoCommit",
          "getCatalog",
          "getClientInfo",
          "getHoldability",
          "getNetworkTimeout",
          "getSchema",
          "getTransactionIsolation",
          "getTypeMap",
          "getWarnings",
          "isClosed",
          "isValid",
          "nativeSQL",
          "releaseSavepoint",
          "setNetworkTimeout",
          "setSavepoint");

  private final Connection driver;
  private final Owner owner;
  private boolean readOnly;

  /** Whether a statement of the open transaction has recorded the proof of possession. */
  private boolean proofUsed;

  /** Whether a rollback to a savepoint may have undone the record. */
  private boolean proofUndone;

  private OwnerScopedConnection(Connection driver, Owner owner) {
    this.driver = driver;
    this.owner = owner;
  }

  /**
   * Returns a connection whose statements require the owner.
   *
   * @param owner the only owner whose statements are accepted
   * @param owner the only one whose statements the connection takes
   */
  static Connection around(Connection driver, Owner owner) {
    return (Connection)
        Proxy.newProxyInstance(
            OwnerScopedConnection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            new OwnerScopedConnection(driver, owner));
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // a proxy is equal to itself only
  public @Nullable Object invoke(Object self, Method method, Object @Nullable [] given)
      throws Throwable {
    var arguments = given == null ? new Object[0] : given;
    var name = method.getName();
    var connection = (Connection) self;
    if (name.equals("prepareStatement")) {
      return OwnerScopedStatement.prepare(
          this, connection, (String) arguments[0], preparation(arguments));
    }
    if (HARMLESS.contains(name)) {
      return call(driver, method, arguments);
    }
    return switch (name) {
      case "createStatement" -> {
        requireReadOnlyRows(arguments, 0);
        yield OwnerScopedText.statement(connection, arguments);
      }
      case "createArrayOf" ->
          OwnerScopedRows.around(
              driver.createArrayOf((String) arguments[0], (Object[]) arguments[1]),
              OwnerScopedText.statement(connection, new Object[0]));
      case "commit" -> {
        commit();
        yield null;
      }
      case "rollback" -> {
        if (arguments.length == 0) {
          rollback();
        } else {
          driver.rollback((Savepoint) arguments[0]);
          proofUndone = true;
        }
        yield null;
      }
      case "setAutoCommit" -> {
        setAutoCommit((boolean) arguments[0]);
        yield null;
      }
      case "close" -> {
        close();
        yield null;
      }
      case "isReadOnly" -> readOnly;
      case "setReadOnly" -> {
        setReadOnly((boolean) arguments[0]);
        yield null;
      }
      case "setTransactionIsolation" -> {
        setIsolation((int) arguments[0]);
        yield null;
      }
      case "equals" -> self == arguments[0];
      case "hashCode" -> System.identityHashCode(self);
      case "toString" -> "owner-scoped " + driver;
      case "unwrap" -> unwrap(self, (Class<?>) arguments[0], "connection");
      case "isWrapperFor" -> ((Class<?>) arguments[0]).isInstance(self);
      case "getMetaData" -> OwnerScopedMetaData.of(driver.getMetaData(), connection);
      case "createBlob", "createClob", "createNClob" ->
          throw new SQLFeatureNotSupportedException(OwnerScopedRows.NO_LARGE_OBJECTS);
      case "prepareCall" ->
          throw new SQLFeatureNotSupportedException(
              "Calls are not owner-scoped: use prepareStatement(\"select function(?)\")");
      case "setClientInfo" ->
          throw new SQLClientInfoException(
              "A pooled connection keeps its settings: set them in the address", Map.of());
      case "setSchema", "setCatalog" ->
          throw new SQLFeatureNotSupportedException(
              "A pooled connection keeps its search_path: name the schema in the statement");
      default ->
          throw new SQLFeatureNotSupportedException(
              "Connection." + name + " is not owner-scoped: use prepareStatement(sql)");
    };
  }

  /**
   * Rejects isolation levels that keep their first snapshot, which would miss a later revocation.
   */
  private void setIsolation(int level) throws SQLException {
    if (level != Connection.TRANSACTION_READ_COMMITTED) {
      throw new SQLFeatureNotSupportedException(
          "Owner-scoped transactions are READ COMMITTED: each statement asks the ledger again");
    }
    driver.setTransactionIsolation(level);
  }

  private void setReadOnly(boolean value) throws SQLException {
    if (value != readOnly && transactionState() != TransactionState.IDLE) {
      throw new SQLException("A transaction is open: set it read-only before its first statement");
    }
    readOnly = value;
  }

  private OwnerScopedStatement.Preparation preparation(Object[] arguments) throws SQLException {
    if (arguments.length == 1) {
      return OwnerScopedStatement.Preparation.plain(driver::prepareStatement);
    }
    if (arguments.length > 2) {
      requireReadOnlyRows(arguments, 1);
      var type = (int) arguments[1];
      var holdability = arguments.length > 3 ? (int) arguments[3] : driver.getHoldability();
      return OwnerScopedStatement.Preparation.plain(
          sql -> driver.prepareStatement(sql, type, ResultSet.CONCUR_READ_ONLY, holdability));
    }
    var keys = arguments[1];
    if (keys.equals(Statement.RETURN_GENERATED_KEYS)) {
      return withKeys(
          sql -> driver.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS), StatementText.ALL);
    }
    if (keys instanceof String[] names && names.length > 0) {
      var columns = names.clone();
      return withKeys(sql -> driver.prepareStatement(sql, columns), StatementText.quoted(columns));
    }
    if (keys instanceof int[] indexes && indexes.length > 0) {
      throw new SQLFeatureNotSupportedException(
          "PostgreSQL returns generated keys by name: use prepareStatement(sql, columnNames)");
    }
    return OwnerScopedStatement.Preparation.plain(driver::prepareStatement);
  }

  /** Scrollable rows can be counted: the number of keys is the number of changed rows. */
  private OwnerScopedStatement.Preparation withKeys(
      OwnerScopedStatement.Preparer batch, String columns) {
    return new OwnerScopedStatement.Preparation(
        sql ->
            driver.prepareStatement(
                sql, ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY),
        batch,
        columns);
  }

  StatementText parse(String sql) throws SQLException {
    return StatementText.of(sql, driver);
  }

  /** Rejects updatable results, which send statements of their own. */
  private static void requireReadOnlyRows(Object[] arguments, int first) throws SQLException {
    if (arguments.length > first + 1 && (int) arguments[first + 1] != ResultSet.CONCUR_READ_ONLY) {
      throw new SQLFeatureNotSupportedException(
          "Owner-scoped results are read-only: use an update statement");
    }
  }

  Owner owner() {
    return owner;
  }

  /**
   * Verifies that the current owner is that of the connection, so that a statement cannot outlive
   * its request.
   *
   * @throws IllegalStateException if it is another one
   */
  void requireOwner() {
    if (!Owner.current().equals(owner)) {
      throw new IllegalStateException("The connection was taken by another owner");
    }
  }

  /** Returns the call that precedes a statement. */
  String enterText() {
    return EnterCall.text(owner, readOnly);
  }

  /** Called when {@code rowlock.enter} has admitted a statement. */
  void entered() throws SQLException {
    RevokedTokenExceptionResolver.noteThatLedgerWasAsked();
    if (owner.proof() != null && !driver.getAutoCommit()) {
      proofUsed = true;
      proofUndone = false;
    }
  }

  /** Called when a statement has failed: its transaction has ended, or must not continue. */
  void failed(SQLException failure) {
    try {
      if (owner.proof() != null && !driver.getAutoCommit() && !EnterCall.refused(failure)) {
        proofUsed = true;
      }
      requireNoTransaction();
    } catch (SQLException e) {
      // A lost connection cannot be queried; the cause must not be hidden.
      failure.addSuppressed(e);
    }
  }

  interface Work<T> {
    T run() throws SQLException;
  }

  /** Enters, and runs the work in the open transaction or in one of its own. */
  <T> T enterAndRun(Work<T> work) throws SQLException {
    return inTransaction(
        () -> {
          enter();
          return work.run();
        });
  }

  /** Runs the work in the open transaction or, in autocommit mode, in one of its own. */
  <T> T inTransaction(Work<T> work) throws SQLException {
    if (!driver.getAutoCommit()) {
      return work.run();
    }
    driver.setAutoCommit(false);
    T done;
    try {
      done = work.run();
      driver.commit();
    } catch (SQLException | RuntimeException e) {
      try {
        driver.rollback();
        driver.setAutoCommit(true);
      } catch (SQLException nested) {
        e.addSuppressed(nested); // the pool rolls back what it gets back in a transaction
      }
      throw e;
    } finally {
      proofUsed = false;
      proofUndone = false;
    }
    driver.setAutoCommit(true);
    return done;
  }

  private void enter() throws SQLException {
    try (var enter = driver.prepareStatement(enterText())) {
      EnterCall.bind(enter, owner);
      enter.execute();
    }
    entered();
  }

  private void commit() throws SQLException {
    recordProofAgain();
    driver.commit();
    proofUsed = false;
  }

  /** Records the proof again, because a rollback to a savepoint may have undone it. */
  private void recordProofAgain() throws SQLException {
    if (proofUsed && proofUndone && !driver.getAutoCommit()) {
      enter();
    }
  }

  /**
   * Rolls back the statements of the transaction, but not the use of the proof: the request may
   * have read rows.
   */
  private void rollback() throws SQLException {
    driver.rollback();
    if (proofUsed && !driver.getAutoCommit()) {
      proofUsed = false;
      driver.setAutoCommit(true);
      try {
        enter();
      } finally {
        proofUsed = false;
        driver.setAutoCommit(false);
      }
    }
  }

  private void setAutoCommit(boolean value) throws SQLException {
    if (value) {
      recordProofAgain();
      proofUsed = false;
    }
    driver.setAutoCommit(value);
  }

  private void close() throws SQLException {
    try {
      if (proofUsed && !driver.isClosed() && !driver.getAutoCommit()) {
        rollback();
      }
    } finally {
      driver.close();
    }
  }

  /**
   * Rejects a {@code begin} within the statement, which would leave the owner set on a pooled
   * connection.
   */
  void requireNoTransaction() throws SQLException {
    if (driver.getAutoCommit() && transactionState() != TransactionState.IDLE) {
      driver.setAutoCommit(false);
      driver.rollback();
      driver.setAutoCommit(true);
      throw new SQLException("The statement left a transaction open: use setAutoCommit(false)");
    }
  }

  private TransactionState transactionState() throws SQLException {
    return driver.unwrap(BaseConnection.class).getTransactionState();
  }

  /** Returns the object itself if it is of the type. The driver's objects are not accessible. */
  static Object unwrap(Object self, Class<?> type, String what) throws SQLException {
    if (type.isInstance(self)) {
      return self;
    }
    throw new SQLFeatureNotSupportedException(
        "The driver's " + what + " has no owner: use the methods of java.sql");
  }

  /** Calls the driver and rethrows its exceptions unwrapped. */
  static @Nullable Object call(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getTargetException();
    }
  }
}
