/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;

/**
 * A prepared statement behind {@code rowlock.enter}. Its parameters follow those of {@code
 * rowlock.enter}, and its results follow the one row of {@code rowlock.enter}.
 *
 * <p>The two must not be separated. pgjdbc sends a Sync message, which ends the implicit
 * transaction, before a statement that the server has described and whose rows may be of any size.
 * It describes a named statement if the type of a parameter is unspecified. After the Sync the
 * statement would see no rows. So a statement with an unspecified type is never a named one: it is
 * planned for each execution, and nothing else differs.
 *
 * <p>A batch is sent by itself, after its own {@code rowlock.enter} and in the same transaction:
 * the open one, or one that ends with the batch. A batch with one entry is sent as a single
 * statement, unless the entry has read a stream.
 */
abstract class OwnerScopedStatement extends ParameterizedStatement {
  private interface Factory {
    OwnerScopedStatement create(OwnerScopedConnection connection, String sql, Preparation how)
        throws SQLException;
  }

  /** Methods that ask or stop the driver's statement and cannot run another. */
  private static final Set<String> HARMLESS =
      Set.of(
          "cancel",
          "clearWarnings",
          "enquoteIdentifier",
          "enquoteLiteral",
          "enquoteNCharLiteral",
          "getFetchDirection",
          "getFetchSize",
          "getLargeMaxRows",
          "getMaxFieldSize",
          "getMaxRows",
          "getQueryTimeout",
          "getResultSetConcurrency",
          "getResultSetHoldability",
          "getResultSetType",
          "getWarnings",
          "isCloseOnCompletion",
          "isPoolable",
          "isSimpleIdentifier");

  private static final Factory FACTORY =
      ForwardingClass.define(
          OwnerScopedStatement.class, Factory.class, method -> HARMLESS.contains(method.getName()));

  interface Preparer {
    PreparedStatement prepare(String sql) throws SQLException;
  }

  /**
   * The way in which the application prepared the statement.
   *
   * @param single prepares the text with {@code rowlock.enter} in it
   * @param batch prepares the text of a batch
   * @param keys the columns of generated keys; null if there are none
   */
  record Preparation(Preparer single, Preparer batch, @Nullable String keys) {

    static Preparation plain(Preparer preparer) {
      return new Preparation(preparer, preparer, null);
    }
  }

  private final OwnerScopedConnection connection;
  private final String sql;
  private final Preparation preparation;
  private final String single;
  private final boolean returnsKeys;

  private String enterText;
  private PreparedStatement entered;
  private @Nullable PreparedStatement batch;
  private int entries;

  /** The number of changes of parameters at the last entry. */
  private int changesAtEntry;

  /** The driver's statement that has the current results. */
  private PreparedStatement current;

  private @Nullable ResultSet keys;
  private long keyCount;
  private boolean closed;

  OwnerScopedStatement(OwnerScopedConnection connection, String sql, Preparation preparation)
      throws SQLException {
    this.connection = connection;
    this.sql = sql;
    this.preparation = preparation;
    if (preparation.keys() == null) {
      this.single = sql;
      this.returnsKeys = false;
    } else {
      var text = connection.parse(sql);
      this.single = text.returning(preparation.keys());
      this.returnsKeys = text.changesRows();
    }
    this.enterText = connection.enterText();
    this.entered = preparation.single().prepare(enterText + "; " + single);
    this.current = entered;
  }

  static PreparedStatement prepare(
      OwnerScopedConnection connection, String sql, Preparation preparation) throws SQLException {
    return FACTORY.create(connection, sql, preparation);
  }

  @Override
  PreparedStatement target() {
    return current;
  }

  @Override
  @Nullable Object around(@Nullable Object value) throws SQLException {
    return OwnerScopedRows.around(value, this);
  }

  @Override
  SQLException refusal(String method) {
    return switch (method) {
      case "setBlob", "setClob", "setNClob" ->
          new SQLFeatureNotSupportedException(OwnerScopedRows.NO_LARGE_OBJECTS);
      case "getMetaData", "getParameterMetaData" -> // the driver would describe rowlock.enter
          refused(method, "run the statement and ask its result");
      case "addBatch", "execute", "executeLargeUpdate", "executeQuery", "executeUpdate" ->
          refused(method, "a prepared statement has its text: use prepareStatement(sql)");
      default -> refused(method, "the driver does not support it");
    };
  }

  private static SQLException refused(String method, String alternative) {
    return new SQLFeatureNotSupportedException(
        "PreparedStatement." + method + " is not owner-scoped: " + alternative);
  }

  @Override
  List<PreparedStatement> prepared() {
    return batch == null ? List.of(entered) : List.of(entered, batch);
  }

  @Override
  public final Connection getConnection() {
    return connection;
  }

  @Override
  public final String toString() {
    return "owner-scoped statement"; // the driver's text would show the parameters
  }

  @Override
  public final boolean execute() throws SQLException {
    return enterAndExecute() && keys == null;
  }

  @Override
  public final ResultSet executeQuery() throws SQLException {
    if (!enterAndExecute()) {
      throw new SQLException("The statement returned no rows: use executeUpdate");
    }
    var rows = OwnerScopedRows.around(current.getResultSet(), this);
    if (rows == null) {
      throw new SQLException("The statement returned no rows");
    }
    return rows;
  }

  @Override
  public final int executeUpdate() throws SQLException {
    return (int) executeLargeUpdate();
  }

  @Override
  public final long executeLargeUpdate() throws SQLException {
    if (enterAndExecute() && keys == null) {
      throw new SQLException("The statement returned rows: use executeQuery");
    }
    return getLargeUpdateCount();
  }

  /**
   * Runs both statements in one round trip.
   *
   * @return whether the first result after that of {@code rowlock.enter} has rows
   */
  private boolean enterAndExecute() throws SQLException {
    connection.requireOwner();
    requireOpen();
    var text = connection.enterText();
    if (!text.equals(enterText)) {
      entered.close();
      entered = withSettings(preparation.single().prepare(text + "; " + single));
      enterText = text;
    }
    current = entered;
    keys = null;
    EnterCall.bind(entered, connection.owner());
    applyParameters(entered, EnterCall.parameters(connection.owner()));
    if (!areParametersTyped()) {
      entered.unwrap(PGStatement.class).setPrepareThreshold(0); // never a named statement
    }
    boolean rows;
    try {
      if (!entered.execute()) {
        throw new SQLException("rowlock.enter did not answer");
      }
      connection.entered();
      rows = entered.getMoreResults();
      if (rows && returnsKeys) {
        keys = entered.getResultSet();
        keyCount = keys.last() ? keys.getRow() : 0;
        keys.beforeFirst();
      }
    } catch (SQLException e) {
      connection.failed(e);
      throw e;
    }
    connection.requireNoTransaction();
    return rows;
  }

  private boolean hasKeys() {
    return current == entered && keys != null;
  }

  @Override
  public final int getUpdateCount() throws SQLException {
    return (int) getLargeUpdateCount();
  }

  @Override
  public final long getLargeUpdateCount() throws SQLException {
    return hasKeys() ? keyCount : current.getLargeUpdateCount();
  }

  @Override
  public final @Nullable ResultSet getResultSet() throws SQLException {
    return hasKeys() ? null : OwnerScopedRows.around(current.getResultSet(), this);
  }

  @Override
  public final boolean getMoreResults() throws SQLException {
    if (hasKeys()) {
      keyCount = -1; // the keys stay open
      return false;
    }
    return current.getMoreResults();
  }

  @Override
  public final boolean getMoreResults(int previous) throws SQLException {
    if (hasKeys()) {
      return getMoreResults();
    }
    return current.getMoreResults(previous);
  }

  /** Returns the generated keys of the last run; no rows if there are none. */
  @Override
  public final @Nullable ResultSet getGeneratedKeys() throws SQLException {
    return OwnerScopedRows.around(hasKeys() ? keys : current.getGeneratedKeys(), this);
  }

  private void requireOpen() throws SQLException {
    if (closed) {
      throw new SQLException("The statement is closed");
    }
  }

  @Override
  public final void addBatch() throws SQLException {
    requireOpen();
    if (batch == null) {
      if (connection.parse(sql).statements() != 1) {
        throw refused("addBatch", "the entry of a batch is one statement");
      }
      batch = withSettings(preparation.batch().prepare(sql));
    }
    applyParameters(batch, 0);
    batch.addBatch();
    entries++;
    changesAtEntry = parameterChanges();
  }

  @Override
  public final void clearBatch() throws SQLException {
    if (batch != null) {
      batch.clearBatch();
    }
    entries = 0;
  }

  @Override
  public final int[] executeBatch() throws SQLException {
    return executeBatch(
        new int[0], PreparedStatement::executeBatch, count -> new int[] {(int) count});
  }

  @Override
  public final long[] executeLargeBatch() throws SQLException {
    return executeBatch(
        new long[0], PreparedStatement::executeLargeBatch, count -> new long[] {count});
  }

  private interface BatchRun<T> {
    T on(PreparedStatement batch) throws SQLException;
  }

  private <T> T executeBatch(T none, BatchRun<T> run, LongFunction<T> ofOne) throws SQLException {
    connection.requireOwner();
    requireOpen();
    var prepared = batch;
    var size = entries;
    if (prepared == null || size == 0) {
      return none;
    }
    entries = 0;
    if (size == 1 && changesAtEntry == parameterChanges() && !haveParametersStream()) {
      prepared.clearBatch();
      return ofOne.apply(executeOnlyEntry());
    }
    current = prepared;
    try {
      return connection.enterAndRun(() -> run.on(prepared));
    } catch (SQLException e) {
      prepared.clearBatch();
      connection.failed(e);
      throw e;
    }
  }

  private long executeOnlyEntry() throws SQLException {
    try {
      return executeLargeUpdate();
    } catch (SQLException e) {
      var ofBatch =
          new BatchUpdateException(
              e.getMessage(),
              e.getSQLState(),
              e.getErrorCode(),
              new int[] {Statement.EXECUTE_FAILED},
              e);
      ofBatch.setNextException(e);
      throw ofBatch;
    }
  }

  @Override
  public final boolean isClosed() throws SQLException {
    return closed || current.isClosed();
  }

  @Override
  public final void close() throws SQLException {
    closed = true;
    try {
      if (batch != null) {
        batch.close();
      }
    } finally {
      entered.close();
    }
  }
}
