/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.classfile.ClassFile;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.RowIdLifetime;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rowlock.api.isolation.RecordingDriver.Call;
import rowlock.api.owner.Owner;

/** Each method of each JDBC interface is implemented, forwarded to the driver or refused. */
class DriverWrapperTest {
  private static final Set<String> WRAPPER = Set.of("unwrap", "isWrapperFor");

  private final RecordingDriver driver = new RecordingDriver();
  private final Owner owner = new Owner(UUID.randomUUID(), "session", "client", Instant.now());
  private final Connection connection =
      OwnerScopedConnection.around(driver.connection(), owner, () -> {});

  static Stream<Class<? extends DriverWrapper>> wrappers() {
    return Stream.of(
        OwnerScopedArray.class,
        OwnerScopedConnection.class,
        OwnerScopedMetaData.class,
        OwnerScopedRows.class,
        OwnerScopedStatement.class,
        OwnerScopedText.class,
        UnownedConnection.class,
        VersionStatement.class);
  }

  private static List<Method> methods(Class<?> type) {
    return Arrays.stream(type.getMethods())
        .filter(method -> !Modifier.isStatic(method.getModifiers()))
        .filter(method -> !WRAPPER.contains(method.getName()))
        .toList();
  }

  private List<Object> instances() throws SQLException {
    var statement = connection.prepareStatement("select 1");
    var unowned = UnownedConnection.around(driver.connection());
    return List.of(
        connection,
        connection.getMetaData(),
        statement,
        connection.createStatement(),
        OwnerScopedArray.around(driver.value(Array.class), statement),
        rows(statement),
        unowned,
        unowned.createStatement());
  }

  private ResultSet rows(Statement statement) {
    return Objects.requireNonNull(OwnerScopedRows.around(driver.value(ResultSet.class), statement));
  }

  @Test
  void wrapper_leavesNoMethodToTheInterface() throws SQLException {
    assertThat(instances())
        .hasSameSizeAs(wrappers().toList())
        .allSatisfy(
            wrapper ->
                assertThat(wrapper.getClass().getMethods())
                    .noneMatch(method -> method.getDeclaringClass().isInterface())
                    .noneMatch(method -> Modifier.isAbstract(method.getModifiers())));
  }

  @ParameterizedTest
  @MethodSource("wrappers")
  void generatedClass_passesTheVerifier(Class<? extends DriverWrapper> wrapper) {
    for (var forwarded : new boolean[] {true, false}) {
      var bytes = ForwardingClass.bytes(wrapper, method -> forwarded);
      assertThat(ClassFile.of().verify(bytes)).isEmpty();
    }
  }

  /** {@code execute(String)} would run without {@code rowlock.enter}. */
  @Test
  void forwardedOverloadOfAnImplementedMethod_isRejected() {
    assertThatThrownBy(
            () ->
                ForwardingClass.define(
                    OwnerScopedStatement.class,
                    Supplier.class,
                    method -> method.getName().equals("execute")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("execute(");
  }

  @Test
  void wrapper_isEqualToItselfAndUnwrapsToItself() throws SQLException {
    for (var instance : instances()) {
      assertThat(instance).isEqualTo(instance).isNotEqualTo(driver.connection());
      assertThat(instance.hashCode()).isEqualTo(System.identityHashCode(instance));
      if (instance instanceof java.sql.Wrapper wrapper) {
        assertThat(wrapper.isWrapperFor(Object.class)).isTrue();
        assertThat(wrapper.unwrap(Object.class)).isSameAs(instance);
        assertThat(wrapper.isWrapperFor(org.postgresql.PGConnection.class)).isFalse();
        assertThatExceptionOfType(SQLFeatureNotSupportedException.class)
            .isThrownBy(() -> wrapper.unwrap(org.postgresql.PGConnection.class));
      }
    }
  }

  /** Calls the method and returns its result, which must be that of the same call of the driver. */
  private Object forwarded(Object wrapper, Class<?> target, Method method) throws Exception {
    driver.takeCalls();
    var result = driver.call(wrapper, method);
    assertThat(driver.takeCalls())
        .as(method.toString())
        .containsExactly(
            new Call(
                target.getSimpleName(), method.getName(), Arrays.asList(driver.arguments(method))));
    return result == null ? "void" : result;
  }

  private static boolean isLargeObject(Class<?> type) {
    return Blob.class.isAssignableFrom(type) || Clob.class.isAssignableFrom(type);
  }

  private void forwardsAll(Object wrapper, Class<?> type, Statement statement) throws Exception {
    for (var method : methods(type)) {
      var returned = method.getReturnType();
      if (isLargeObject(returned)) {
        assertThat(refusal(wrapper, method)).isInstanceOf(SQLFeatureNotSupportedException.class);
        continue;
      }
      var result = forwarded(wrapper, type, method);
      if (returned == Statement.class) {
        assertThat(result).isSameAs(statement);
      } else if (returned == ResultSet.class) {
        assertThat(result).isInstanceOf(OwnerScopedRows.class);
      } else if (returned == Array.class) {
        assertThat(result).isInstanceOf(OwnerScopedArray.class);
      } else if (returned != void.class) {
        assertThat(result).as(method.toString()).isEqualTo(driver.value(returned));
      }
    }
  }

  @Test
  void rows_forwardEachMethodAndExposeNoObjectOfTheDriver() throws Exception {
    var statement = connection.prepareStatement("select 1");
    forwardsAll(rows(statement), ResultSet.class, statement);
    var array = OwnerScopedArray.around(driver.value(Array.class), statement);
    forwardsAll(array, Array.class, statement);
  }

  @Test
  void valueOfAnyColumn_exposesNoObjectOfTheDriver() throws Exception {
    var statement = connection.prepareStatement("select 1");
    assertThat(OwnerScopedRows.around(driver.value(ResultSet.class), statement))
        .isInstanceOf(OwnerScopedRows.class);
    assertThat(OwnerScopedRows.around((Object) driver.value(Array.class), statement))
        .isInstanceOf(OwnerScopedArray.class);
    assertThat(OwnerScopedRows.around(driver.value(PreparedStatement.class), statement))
        .isSameAs(statement);
    for (var type : List.of(Blob.class, Clob.class)) {
      assertThatExceptionOfType(SQLFeatureNotSupportedException.class)
          .isThrownBy(() -> OwnerScopedRows.around(driver.value(type), statement));
    }
  }

  @Test
  void exceptionOfTheDriver_isThrownAsItIs() throws Exception {
    var statement = connection.prepareStatement("select 1");
    var rows = rows(statement);
    var failure = new SQLException("lost");
    driver.failWith(failure);
    assertThatThrownBy(() -> rows.getString(1)).isSameAs(failure);
    assertThatThrownBy(rows::getStatement).isSameAs(failure);
    assertThatThrownBy(statement::getWarnings).isSameAs(failure);
    assertThatThrownBy(connection::getCatalog).isSameAs(failure);
  }

  private Throwable refusal(Object wrapper, Method method) {
    try {
      return new AssertionError(method + " returned " + driver.call(wrapper, method));
    } catch (InvocationTargetException e) {
      return e.getTargetException();
    } catch (Exception e) {
      return e;
    }
  }

  /** Returns the names of the methods that are refused before anything reaches the driver. */
  private Set<String> refusedMethods(Object wrapper, Class<?> type, Class<?>... exceptions) {
    return methods(type).stream()
        .filter(
            method -> {
              driver.takeCalls();
              var refused = refusal(wrapper, method);
              return List.of(exceptions).contains(refused.getClass())
                  && driver.takeCalls().isEmpty();
            })
        .map(Method::getName)
        .collect(toCollection(TreeSet::new));
  }

  private static Set<String> allExcept(Class<?> type, String... names) {
    var all = methods(type).stream().map(Method::getName).collect(toCollection(TreeSet::new));
    assertThat(all).contains(names);
    List.of(names).forEach(all::remove);
    return all;
  }

  /** Some methods are refused for their arguments, such as those of an updatable result. */
  @Test
  void connection_refusesEachMethodThatIsNotKnown() {
    assertThat(
            refusedMethods(
                connection,
                Connection.class,
                SQLFeatureNotSupportedException.class,
                SQLClientInfoException.class))
        .isEqualTo(
            allExcept(
                Connection.class,
                "abort",
                "beginRequest",
                "clearWarnings",
                "close",
                "commit",
                "createArrayOf",
                "createSQLXML",
                "createStruct",
                "endRequest",
                "getAutoCommit",
                "getCatalog",
                "getClientInfo",
                "getHoldability",
                "getMetaData",
                "getNetworkTimeout",
                "getSchema",
                "getTransactionIsolation",
                "getTypeMap",
                "getWarnings",
                "isClosed",
                "isReadOnly",
                "isValid",
                "nativeSQL",
                "releaseSavepoint",
                "rollback",
                "setAutoCommit",
                "setNetworkTimeout",
                "setReadOnly",
                "setSavepoint"));
  }

  @Test
  void unownedConnection_refusesEachMethodThatIsNotKnown() throws SQLException {
    var unowned = UnownedConnection.around(driver.connection());
    assertThat(refusedMethods(unowned, Connection.class, IllegalStateException.class))
        .isEqualTo(
            allExcept(
                Connection.class,
                "clearWarnings",
                "close",
                "createStatement",
                "getAutoCommit",
                "getCatalog",
                "getHoldability",
                "getMetaData",
                "getSchema",
                "getTransactionIsolation",
                "getWarnings",
                "isClosed",
                "isReadOnly",
                "isValid"));
    assertThat(
            refusedMethods(unowned.createStatement(), Statement.class, IllegalStateException.class))
        .containsAll(
            allExcept(
                Statement.class,
                "close",
                "getConnection",
                "getFetchDirection",
                "getFetchSize",
                "getLargeMaxRows",
                "getLargeUpdateCount",
                "getMaxFieldSize",
                "getMaxRows",
                "getMoreResults",
                "getQueryTimeout",
                "getResultSetConcurrency",
                "getResultSetHoldability",
                "getResultSetType",
                "getUpdateCount",
                "isClosed"));
  }

  @Test
  void metaData_forwardsNamesAndCapabilitiesOnly() throws Exception {
    var metaData = connection.getMetaData();
    assertThat(metaData.getConnection()).isSameAs(connection);
    for (var method : methods(DatabaseMetaData.class)) {
      var type = method.getReturnType();
      if (type.isPrimitive() || type == String.class || type == RowIdLifetime.class) {
        assertThat(forwarded(metaData, DatabaseMetaData.class, method))
            .isEqualTo(driver.value(type));
      } else if (type != Connection.class) {
        assertThat(refusal(metaData, method)).isInstanceOf(SQLFeatureNotSupportedException.class);
      }
    }
  }

  @Test
  void preparedStatement_refusesEachMethodThatNeedsAText() throws SQLException {
    var statement = connection.prepareStatement("select 1");
    for (var method : methods(PreparedStatement.class)) {
      if (method.getParameterCount() > 0 && method.getName().matches("execute.*|addBatch")) {
        assertThat(refusal(statement, method)).isInstanceOf(SQLFeatureNotSupportedException.class);
      }
    }
    assertThat(
            refusedMethods(
                statement, PreparedStatement.class, SQLFeatureNotSupportedException.class))
        .containsExactlyInAnyOrder(
            "addBatch",
            "execute",
            "executeLargeUpdate",
            "executeQuery",
            "executeUpdate",
            "getMetaData",
            "getParameterMetaData",
            "setAsciiStream",
            "setBlob",
            "setCharacterStream",
            "setClob",
            "setNCharacterStream",
            "setNClob",
            "setNString",
            "setObject",
            "setRef",
            "setRowId",
            "setURL");
  }

  @Test
  void statementWithoutParameters_refusesBatches() throws SQLException {
    var statement = connection.createStatement();
    assertThat(refusedMethods(statement, Statement.class, SQLFeatureNotSupportedException.class))
        .contains("addBatch", "clearBatch", "executeBatch", "executeLargeBatch");
  }
}
