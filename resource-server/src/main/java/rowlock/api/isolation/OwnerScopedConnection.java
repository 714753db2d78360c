/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.sql.Array;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import rowlock.api.isolation.OwnerScopedStatement.Preparation;
import rowlock.api.owner.Owner;

/**
 * Provides owner-scoped statements and transactions only.
 *
 * <p>The driver does not know that a transaction is read-only: {@link EnterCall} sets it after
 * {@code rowlock.enter} has recorded the proof of possession.
 */
abstract class OwnerScopedConnection extends DriverWrapper implements Connection {
  private interface Factory {
    OwnerScopedConnection create(Connection driver, Owner owner, Runnable afterClose);
  }

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

  private static final Factory FACTORY =
      ForwardingClass.define(
          OwnerScopedConnection.class,
          Factory.class,
          method -> HARMLESS.contains(method.getName()));

  private final Connection driver;
  private final Owner owner;
  private boolean readOnly;

  /** Whether a statement of the open transaction has recorded the proof of possession. */
  private boolean proofUsed;

  /** Whether a rollback to a savepoint may have undone the record. */
  private boolean proofUndone;

  private final Runnable afterClose;
  private boolean closed;

  OwnerScopedConnection(Connection driver, Owner owner, Runnable afterClose) {
    this.driver = driver;
    this.owner = owner;
    this.afterClose = afterClose;
  }

  /**
   * Returns a connection whose statements require the owner.
   *
   * @param owner the only owner whose statements are accepted
   * @param afterClose is called once, after the driver's connection is closed
   */
  static Connection around(Connection driver, Owner owner, Runnable afterClose) {
    return FACTORY.create(driver, owner, afterClose);
  }

  @Override
  Connection target() {
    return driver;
  }

  @Override
  SQLException refusal(String method) {
    return switch (method) {
      case "createBlob", "createClob", "createNClob" ->
          new SQLFeatureNotSupportedException(OwnerScopedRows.NO_LARGE_OBJECTS);
      case "prepareCall" ->
          new SQLFeatureNotSupportedException(
              "Calls are not owner-scoped: use prepareStatement(\"select function(?)\")");
      case "setClientInfo" ->
          new SQLClientInfoException(
              "A pooled connection keeps its settings: set them in the address", Map.of());
      case "setSchema", "setCatalog" ->
          new SQLFeatureNotSupportedException(
              "A pooled connection keeps its search_path: name the schema in the statement");
      default ->
          new SQLFeatureNotSupportedException(
              "Connection." + method + " is not owner-scoped: use prepareStatement(sql)");
    };
  }

  @Override
  public final String toString() {
    return "owner-scoped " + driver;
  }

  @Override
  public final DatabaseMetaData getMetaData() throws SQLException {
    return OwnerScopedMetaData.of(driver.getMetaData(), this);
  }

  @Override
  public final Array createArrayOf(String type, Object[] elements) throws SQLException {
    return OwnerScopedArray.around(driver.createArrayOf(type, elements), createStatement());
  }

  @Override
  public final Statement createStatement() throws SQLException {
    return OwnerScopedText.statement(this, ResultSet.TYPE_FORWARD_ONLY);
  }

  @Override
  public final Statement createStatement(int type, int concurrency) throws SQLException {
    requireReadOnlyRows(concurrency);
    return OwnerScopedText.statement(this, type);
  }

  @Override
  public final Statement createStatement(int type, int concurrency, int holdability)
      throws SQLException {
    return createStatement(type, concurrency);
  }

  @Override
  public final PreparedStatement prepareStatement(String sql) throws SQLException {
    return prepare(sql, Preparation.plain(driver::prepareStatement));
  }

  @Override
  public final PreparedStatement prepareStatement(String sql, int type, int concurrency)
      throws SQLException {
    return prepareStatement(sql, type, concurrency, driver.getHoldability());
  }

  @Override
  public final PreparedStatement prepareStatement(
      String sql, int type, int concurrency, int holdability) throws SQLException {
    requireReadOnlyRows(concurrency);
    return prepare(
        sql,
        Preparation.plain(
            text -> driver.prepareStatement(text, type, ResultSet.CONCUR_READ_ONLY, holdability)));
  }

  @Override
  public final PreparedStatement prepareStatement(String sql, int keys) throws SQLException {
    if (keys != Statement.RETURN_GENERATED_KEYS) {
      return prepareStatement(sql);
    }
    return prepare(
        sql,
        withKeys(
            text -> driver.prepareStatement(text, Statement.RETURN_GENERATED_KEYS),
            StatementText.ALL));
  }

  @Override
  public final PreparedStatement prepareStatement(String sql, int[] keys) throws SQLException {
    if (keys.length > 0) {
      throw new SQLFeatureNotSupportedException(
          "PostgreSQL returns generated keys by name: use prepareStatement(sql, columnNames)");
    }
    return prepareStatement(sql);
  }

  @Override
  public final PreparedStatement prepareStatement(String sql, String[] keys) throws SQLException {
    if (keys.length == 0) {
      return prepareStatement(sql);
    }
    var columns = keys.clone();
    return prepare(
        sql,
        withKeys(text -> driver.prepareStatement(text, columns), StatementText.quoted(columns)));
  }

  private PreparedStatement prepare(String sql, Preparation preparation) throws SQLException {
    return OwnerScopedStatement.prepare(this, sql, preparation);
  }

  /** Scrollable rows can be counted: the number of keys is the number of changed rows. */
  private Preparation withKeys(OwnerScopedStatement.Preparer batch, String columns) {
    return new Preparation(
        sql ->
            driver.prepareStatement(
                sql, ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY),
        batch,
        columns);
  }

  StatementText parse(String sql) throws SQLException {
    return StatementText.of(sql, driver);
  }

  /**
   * Accepts READ COMMITTED only. A level that keeps its first snapshot would miss a later
   * revocation.
   */
  @Override
  public final void setTransactionIsolation(int level) throws SQLException {
    if (level != Connection.TRANSACTION_READ_COMMITTED) {
      throw new SQLFeatureNotSupportedException(
          "Owner-scoped transactions are READ COMMITTED: each statement asks the ledger again");
    }
    driver.setTransactionIsolation(level);
  }

  @Override
  public final boolean isReadOnly() {
    return readOnly || owner.isReadOnly();
  }

  @Override
  public final void setReadOnly(boolean value) throws SQLException {
    if (value != readOnly && transactionState() != TransactionState.IDLE) {
      throw new SQLException("A transaction is open: set it read-only before its first statement");
    }
    readOnly = value;
  }

  /** Rejects updatable results, which send statements of their own. */
  private static void requireReadOnlyRows(int concurrency) throws SQLException {
    if (concurrency != ResultSet.CONCUR_READ_ONLY) {
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
    return EnterCall.text(owner, isReadOnly());
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

  @Override
  public final void commit() throws SQLException {
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
  @Override
  public final void rollback() throws SQLException {
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

  @Override
  public final void rollback(Savepoint savepoint) throws SQLException {
    driver.rollback(savepoint);
    proofUndone = true;
  }

  @Override
  public final void setAutoCommit(boolean value) throws SQLException {
    if (value) {
      recordProofAgain();
      proofUsed = false;
    }
    driver.setAutoCommit(value);
  }

  @Override
  public final void close() throws SQLException {
    try {
      if (proofUsed && !driver.isClosed() && !driver.getAutoCommit()) {
        rollback();
      }
    } finally {
      try {
        driver.close();
      } finally {
        if (!closed) {
          closed = true;
          afterClose.run();
        }
      }
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
}
