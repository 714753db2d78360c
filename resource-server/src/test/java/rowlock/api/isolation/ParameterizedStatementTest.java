/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.Arrays;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PGobject;
import rowlock.api.isolation.RecordingDriver.Call;
import rowlock.api.owner.Owner;

/** The parameters of a statement reach the driver, behind those of rowlock.enter. */
class ParameterizedStatementTest {
  private static final int ENTER = 4;

  private final RecordingDriver driver = new RecordingDriver();
  private final Owner owner = new Owner(UUID.randomUUID(), "session", "client", Instant.now());
  private final Connection connection =
      OwnerScopedConnection.around(driver.connection(), owner, () -> {});
  private OwnerScopedStatement statement;

  @BeforeEach
  void prepare() throws SQLException {
    statement = (OwnerScopedStatement) connection.prepareStatement("select ?, ?");
  }

  static Stream<Method> setters() {
    return Arrays.stream(PreparedStatement.class.getMethods())
        .filter(method -> method.getName().startsWith("set") && method.getParameterCount() > 1);
  }

  /** Runs the statement and returns the parameters that the driver gets after its enter's. */
  private List<Call> sent() throws SQLException {
    driver.takeCalls();
    owner.call(() -> statement.execute());
    return settersIn(driver.takeCalls()).skip(ENTER).toList();
  }

  private static Stream<Call> settersIn(List<Call> calls) {
    return calls.stream()
        .filter(call -> call.target().equals("PreparedStatement"))
        .filter(call -> call.method().startsWith("set") && call.arguments().size() > 1);
  }

  @ParameterizedTest
  @MethodSource("setters")
  void setter_reachesTheStatementAndTheBatch(Method setter) throws Exception {
    var arguments = driver.arguments(setter);
    arguments[0] = 2;
    try {
      setter.invoke(statement, arguments);
    } catch (InvocationTargetException e) {
      assertThat(e.getTargetException()).isInstanceOf(SQLFeatureNotSupportedException.class);
      assertThat(sent()).isEmpty();
      return;
    }
    arguments[0] = 2 + ENTER;
    assertOnlySetter(sent(), setter, arguments);
    statement.addBatch();
    arguments[0] = 2;
    assertOnlySetter(settersIn(driver.takeCalls()).toList(), setter, arguments);
  }

  private static void assertOnlySetter(List<Call> sent, Method setter, Object[] arguments) {
    assertThat(sent)
        .usingRecursiveComparison() // of the elements of arrays
        .isEqualTo(
            List.of(new Call("PreparedStatement", setter.getName(), Arrays.asList(arguments))));
  }

  @Test
  void parametersStayUntilTheyAreCleared() throws SQLException {
    statement.setInt(2, 2);
    statement.setString(1, "first");
    statement.setString(1, "second");
    var both =
        List.of(
            new Call("PreparedStatement", "setString", List.of(5, "second")),
            new Call("PreparedStatement", "setInt", List.of(6, 2)));
    assertThat(sent()).isEqualTo(both);
    assertThat(sent()).isEqualTo(both);
    statement.clearParameters();
    assertThat(sent()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, -4})
  void index_belowOne_isRefused(int index) {
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> statement.setString(index, "value"));
  }

  @Test
  void mutableValues_areCopied() throws SQLException {
    var bytes = new byte[] {1};
    var time = new Timestamp(1_000);
    var zone = new GregorianCalendar(2026, Calendar.MAY, 1);
    statement.setBytes(1, bytes);
    statement.setTimestamp(2, time, zone);
    statement.setObject(3, bytes);
    statement.setObject(4, time);
    statement.setObject(5, zone, Types.TIMESTAMP);
    bytes[0] = 2;
    time.setTime(2_000);
    zone.setTimeInMillis(0);
    var same = new GregorianCalendar(2026, Calendar.MAY, 1);
    assertThat(sent())
        .extracting(Call::arguments)
        .usingRecursiveComparison()
        .isEqualTo(
            List.of(
                List.of(5, new byte[] {1}),
                List.of(6, new Timestamp(1_000), same),
                List.of(7, new byte[] {1}),
                List.of(8, new Timestamp(1_000)),
                List.of(9, same, Types.TIMESTAMP)));
  }

  @Test
  void array_reachesTheDriverWithoutItsWrapper() throws SQLException {
    var array = OwnerScopedArray.around(driver.value(Array.class), statement);
    statement.setArray(1, array);
    statement.setObject(2, array);
    statement.setObject(3, array, Types.ARRAY);
    assertThat(sent())
        .hasSize(3)
        .allSatisfy(
            call -> assertThat(call.arguments().get(1)).isSameAs(driver.value(Array.class)));
  }

  @Test
  void largeObjects_areRefusedByEachSetter() {
    for (var type : List.of(Blob.class, Clob.class)) {
      var value = driver.value(type);
      assertThatExceptionOfType(SQLFeatureNotSupportedException.class)
          .isThrownBy(() -> statement.setObject(1, value));
      assertThatExceptionOfType(SQLFeatureNotSupportedException.class)
          .isThrownBy(() -> statement.setObject(1, value, Types.BLOB));
      assertThatExceptionOfType(SQLFeatureNotSupportedException.class)
          .isThrownBy(() -> statement.setObject(1, value, Types.BLOB, 1));
    }
    for (var type : List.of(Types.BLOB, Types.CLOB, Types.NCLOB)) {
      assertThatExceptionOfType(SQLFeatureNotSupportedException.class)
          .isThrownBy(() -> statement.setObject(1, InputStream.nullInputStream(), type));
      assertThatExceptionOfType(SQLFeatureNotSupportedException.class)
          .isThrownBy(() -> statement.setObject(1, InputStream.nullInputStream(), type, 1));
    }
  }

  private interface Setting {
    void on(PreparedStatement statement) throws SQLException;
  }

  private boolean isTyped(Setting setting) throws SQLException {
    statement.clearParameters();
    statement.setLong(2, 1);
    setting.on(statement);
    return statement.areParametersTyped();
  }

  @Test
  void type_isKnownOfTheSetterOrTheValue() throws SQLException {
    assertThat(isTyped(to -> {})).isTrue();
    assertThat(isTyped(to -> to.setString(1, null))).isTrue();
    assertThat(isTyped(to -> to.setBytes(1, null))).isTrue();
    assertThat(isTyped(to -> to.setObject(1, UUID.randomUUID()))).isTrue();
    assertThat(isTyped(to -> to.setObject(1, new PGobject()))).isTrue();
    assertThat(isTyped(to -> to.setObject(1, UUID.randomUUID(), Types.OTHER))).isTrue();
    assertThat(isTyped(to -> to.setObject(1, null, Types.VARCHAR))).isTrue();
    assertThat(isTyped(to -> to.setObject(1, 1, Types.NUMERIC, 2))).isTrue();
    assertThat(isTyped(to -> to.setNull(1, Types.DATE))).isTrue();
    assertThat(isTyped(to -> to.setNull(1, Types.INTEGER))).isTrue();
    assertThat(isTyped(to -> to.setArray(1, driver.value(Array.class)))).isTrue();
  }

  @Test
  void type_isUnknownInEachOtherCase() throws SQLException {
    @Nullable Object nothing = null;
    assertThat(isTyped(to -> to.setObject(1, nothing))).isFalse();
    assertThat(isTyped(to -> to.setObject(1, new Timestamp(0)))).isFalse();
    assertThat(isTyped(to -> to.setObject(1, "{}", Types.OTHER))).isFalse();
    assertThat(isTyped(to -> to.setObject(1, new Timestamp(0), Types.TIMESTAMP))).isFalse();
    assertThat(isTyped(to -> to.setTimestamp(1, new Timestamp(0)))).isFalse();
    assertThat(isTyped(to -> to.setNull(1, Types.NULL))).isFalse();
    assertThat(isTyped(to -> to.setNull(1, Types.INTEGER, "int4"))).isFalse();
    assertThat(isTyped(to -> to.setArray(1, null))).isFalse();
    assertThat(isTyped(to -> to.setBinaryStream(1, InputStream.nullInputStream()))).isFalse();
    assertThat(isTyped(to -> to.setByte(1, (byte) 1))).isFalse();
  }

  @Test
  void settings_applyToTheBatchToo() throws SQLException {
    statement.setFetchSize(5);
    statement.setMaxRows(6);
    statement.setLargeMaxRows(7);
    statement.setFetchSize(8);
    driver.takeCalls();
    statement.addBatch();
    assertThat(driver.takeCalls())
        .filteredOn(call -> call.target().equals("PreparedStatement"))
        .startsWith(
            new Call("PreparedStatement", "setFetchSize", List.of(8)),
            new Call("PreparedStatement", "setLargeMaxRows", List.of(7L)));
  }

  @Test
  void batchOfOne_withParametersChangedSinceThen_isSentAsABatch() throws SQLException {
    statement.setInt(1, 1);
    statement.addBatch();
    statement.setInt(1, 2);
    sent();
    requireThatABatchIsSent();
  }

  @Test
  void batchOfOne_withAStream_isSentAsABatch() throws SQLException {
    statement.setObject(1, InputStream.nullInputStream(), Types.LONGVARCHAR);
    statement.addBatch();
    requireThatABatchIsSent();
  }

  private void requireThatABatchIsSent() throws SQLException {
    driver.takeCalls();
    owner.call(() -> statement.executeBatch());
    assertThat(driver.takeCalls())
        .contains(new Call("PreparedStatement", "executeBatch", List.of()));
  }
}
