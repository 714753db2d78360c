/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.BatchUpdateException;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
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
 * statement.
 */
final class OwnerScopedStatement implements InvocationHandler {
  /** Methods that configure the execution, whether of the single statement or of the batch. */
  private static final Set<String> SETTINGS =
      Set.of(
          "closeOnCompletion",
          "setEscapeProcessing",
          "setFetchDirection",
          "setFetchSize",
          "setLargeMaxRows",
          "setMaxFieldSize",
          "setMaxRows",
          "setPoolable",
          "setQueryTimeout");

  private static final Set<String> LARGE_OBJECTS = Set.of("setBlob", "setClob", "setNClob");

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

  private record Setting(Method method, Object[] arguments) {}

  private final OwnerScopedConnection scope;
  private final Connection connection;
  private final String sql;
  private final Preparation preparation;
  private final String single;
  private final boolean returnsKeys;
  private final StatementParameters parameters = new StatementParameters();
  private final Map<String, Setting> settings = new LinkedHashMap<>();

  private String enterText;
  private PreparedStatement entered;
  private @Nullable PreparedStatement batch;
  private int entries;
  private boolean changedSinceEntry;

  /** The driver's statement that has the current results. */
  private PreparedStatement current;

  private @Nullable ResultSet keys;
  private long keyCount;
  private boolean closed;

  private OwnerScopedStatement(
      OwnerScopedConnection scope, Connection connection, String sql, Preparation preparation)
      throws SQLException {
    this.scope = scope;
    this.connection = connection;
    this.sql = sql;
    this.preparation = preparation;
    if (preparation.keys() == null) {
      this.single = sql;
      this.returnsKeys = false;
    } else {
      var text = scope.parse(sql);
      this.single = text.returning(preparation.keys());
      this.returnsKeys = text.changesRows();
    }
    this.enterText = scope.enterText();
    this.entered = preparation.single().prepare(enterText + "; " + single);
    this.current = entered;
  }

  /**
   * @param scope the connection that runs the statement
   * @param connection the connection that the application uses
   */
  static PreparedStatement prepare(
      OwnerScopedConnection scope, Connection connection, String sql, Preparation preparation)
      throws SQLException {
    return (PreparedStatement)
        Proxy.newProxyInstance(
            OwnerScopedStatement.class.getClassLoader(),
            new Class<?>[] {PreparedStatement.class},
            new OwnerScopedStatement(scope, connection, sql, preparation));
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // a proxy is equal to itself only
  public @Nullable Object invoke(Object self, Method method, Object @Nullable [] given)
      throws Throwable {
    var arguments = given == null ? new Object[0] : given;
    var name = method.getName();
    if (StatementParameters.isSetter(method)) {
      setParameter(method, arguments);
      return null;
    }
    if (SETTINGS.contains(name)) {
      set(method, arguments);
      return null;
    }
    if (arguments.length > 0 && (name.startsWith("execute") || name.equals("addBatch"))) {
      throw refused(name, "a prepared statement has its text: use prepareStatement(sql)");
    }
    var statement = (PreparedStatement) self;
    return switch (name) {
      case "execute" -> enterAndExecute() && keys == null;
      case "executeQuery" -> executeQuery(statement);
      case "executeUpdate" -> (int) executeUpdate();
      case "executeLargeUpdate" -> executeUpdate();
      case "addBatch" -> {
        addBatch();
        yield null;
      }
      case "clearBatch" -> {
        clearBatch();
        yield null;
      }
      case "executeBatch" ->
          executeBatch(new int[0], PreparedStatement::executeBatch, one -> new int[] {(int) one});
      case "executeLargeBatch" ->
          executeBatch(new long[0], PreparedStatement::executeLargeBatch, one -> new long[] {one});
      case "clearParameters" -> {
        parameters.clear();
        changedSinceEntry = true;
        yield null;
      }
      case "getUpdateCount" -> (int) updateCount();
      case "getLargeUpdateCount" -> updateCount();
      case "getResultSet" ->
          hasKeys() ? null : OwnerScopedRows.around(current.getResultSet(), statement);
      case "getMoreResults" -> {
        if (hasKeys()) {
          keyCount = -1; // the keys stay open
          yield false;
        }
        yield OwnerScopedConnection.call(current, method, arguments);
      }
      case "getGeneratedKeys" -> OwnerScopedRows.around(generatedKeys(), statement);
      case "close" -> {
        close();
        yield null;
      }
      case "isClosed" -> closed || current.isClosed();
      case "getConnection" -> connection;
      case "equals" -> self == arguments[0];
      case "hashCode" -> System.identityHashCode(self);
      case "toString" -> "owner-scoped statement"; // the driver's text would show the parameters
      case "unwrap" -> OwnerScopedConnection.unwrap(self, (Class<?>) arguments[0], "statement");
      case "isWrapperFor" -> ((Class<?>) arguments[0]).isInstance(self);
      case "getMetaData", "getParameterMetaData" -> // the driver would describe rowlock.enter
          throw refused(name, "run the statement and ask its result");
      default ->
          OwnerScopedRows.around(OwnerScopedConnection.call(current, method, arguments), statement);
    };
  }

  private static SQLException refused(String name, String alternative) {
    return new SQLFeatureNotSupportedException(
        "PreparedStatement." + name + " is not owner-scoped: " + alternative);
  }

  private void setParameter(Method method, Object[] arguments) throws SQLException {
    if (LARGE_OBJECTS.contains(method.getName())
        || arguments[1] instanceof Blob
        || arguments[1] instanceof Clob) {
      throw new SQLFeatureNotSupportedException(OwnerScopedRows.NO_LARGE_OBJECTS);
    }
    parameters.set(method, arguments);
    changedSinceEntry = true;
  }

  private void set(Method method, Object[] arguments) throws Throwable {
    OwnerScopedConnection.call(entered, method, arguments);
    if (batch != null) {
      OwnerScopedConnection.call(batch, method, arguments);
    }
    settings.put(method.getName(), new Setting(method, arguments));
  }

  private PreparedStatement withSettings(PreparedStatement prepared) throws Throwable {
    for (var setting : settings.values()) {
      OwnerScopedConnection.call(prepared, setting.method(), setting.arguments());
    }
    return prepared;
  }

  private ResultSet executeQuery(PreparedStatement self) throws Throwable {
    if (!enterAndExecute()) {
      throw new SQLException("The statement returned no rows: use executeUpdate");
    }
    var rows = OwnerScopedRows.around(current.getResultSet(), self);
    if (rows == null) {
      throw new SQLException("The statement returned no rows");
    }
    return (ResultSet) rows;
  }

  private long executeUpdate() throws Throwable {
    if (enterAndExecute() && keys == null) {
      throw new SQLException("The statement returned rows: use executeQuery");
    }
    return updateCount();
  }

  /**
   * Runs both statements in one round trip.
   *
   * @return whether the first result after that of {@code rowlock.enter} has rows
   */
  private boolean enterAndExecute() throws Throwable {
    scope.requireOwner();
    requireOpen();
    var text = scope.enterText();
    if (!text.equals(enterText)) {
      entered.close();
      entered = withSettings(preparation.single().prepare(text + "; " + single));
      enterText = text;
    }
    current = entered;
    keys = null;
    EnterCall.bind(entered, scope.owner());
    parameters.apply(entered, EnterCall.parameters(scope.owner()));
    if (!parameters.areTyped()) {
      entered.unwrap(PGStatement.class).setPrepareThreshold(0); // never a named statement
    }
    boolean rows;
    try {
      if (!entered.execute()) {
        throw new SQLException("rowlock.enter did not answer");
      }
      scope.entered();
      rows = entered.getMoreResults();
      if (rows && returnsKeys) {
        keys = entered.getResultSet();
        keyCount = keys.last() ? keys.getRow() : 0;
        keys.beforeFirst();
      }
    } catch (SQLException e) {
      scope.failed(e);
      throw e;
    }
    scope.requireNoTransaction();
    return rows;
  }

  private boolean hasKeys() {
    return current == entered && keys != null;
  }

  private long updateCount() throws SQLException {
    return hasKeys() ? keyCount : current.getLargeUpdateCount();
  }

  /** Returns the generated keys of the last run; no rows if there are none. */
  private @Nullable ResultSet generatedKeys() throws SQLException {
    return hasKeys() ? keys : current.getGeneratedKeys();
  }

  private void requireOpen() throws SQLException {
    if (closed) {
      throw new SQLException("The statement is closed");
    }
  }

  private void addBatch() throws Throwable {
    requireOpen();
    if (batch == null) {
      if (scope.parse(sql).statements() != 1) {
        throw refused("addBatch", "the entry of a batch is one statement");
      }
      batch = withSettings(preparation.batch().prepare(sql));
    }
    parameters.apply(batch, 0);
    batch.addBatch();
    entries++;
    changedSinceEntry = false;
  }

  private void clearBatch() throws SQLException {
    if (batch != null) {
      batch.clearBatch();
    }
    entries = 0;
  }

  private interface BatchRun<T> {
    T on(PreparedStatement batch) throws SQLException;
  }

  private <T> T executeBatch(T none, BatchRun<T> run, LongFunction<T> ofOne) throws Throwable {
    scope.requireOwner();
    requireOpen();
    var prepared = batch;
    var size = entries;
    if (prepared == null || size == 0) {
      return none;
    }
    entries = 0;
    if (size == 1 && !changedSinceEntry) {
      prepared.clearBatch();
      return ofOne.apply(executeOnlyEntry());
    }
    current = prepared;
    try {
      return scope.enterAndRun(() -> run.on(prepared));
    } catch (SQLException e) {
      prepared.clearBatch();
      scope.failed(e);
      throw e;
    }
  }

  private long executeOnlyEntry() throws Throwable {
    try {
      return executeUpdate();
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

  private void close() throws SQLException {
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
