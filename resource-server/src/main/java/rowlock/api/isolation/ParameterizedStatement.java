/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGobject;

/**
 * A statement that keeps its parameters until it is known whether it runs as a single statement or
 * as an entry of a batch. It implements the setters that the driver does, except those of large
 * objects.
 */
abstract class ParameterizedStatement extends ConfiguredStatement implements PreparedStatement {
  /** Classes for which {@code setObject(int, Object)} determines the type. */
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

  /** SQL types for which the driver sends a value or a null with a specified type. */
  private static final Set<Integer> TYPED_TARGETS =
      Set.of(
          Types.BIGINT,
          Types.BIT,
          Types.BOOLEAN,
          Types.CHAR,
          Types.DECIMAL,
          Types.DOUBLE,
          Types.FLOAT,
          Types.INTEGER,
          Types.LONGVARCHAR,
          Types.NUMERIC,
          Types.REAL,
          Types.SMALLINT,
          Types.TINYINT,
          Types.VARCHAR);

  /** SQL types for which the driver sends a null with a specified type, but not a value. */
  private static final Set<Integer> TYPED_NULLS =
      Set.of(Types.BINARY, Types.DATE, Types.LONGVARBINARY, Types.VARBINARY);

  private static final Set<Integer> LARGE_OBJECTS = Set.of(Types.BLOB, Types.CLOB, Types.NCLOB);

  /** Sets one parameter of a statement of the driver. */
  private interface Setter {
    void set(PreparedStatement statement, int index) throws SQLException;
  }

  private enum Kind {
    /** The type is specified. */
    TYPED,
    UNTYPED,
    /** The type is unspecified, and the value can be read once. */
    STREAM
  }

  private static Kind typedIf(boolean typed) {
    return typed ? Kind.TYPED : Kind.UNTYPED;
  }

  private record Parameter(Setter setter, Kind kind) {}

  private final List<@Nullable Parameter> parameters = new ArrayList<>();
  private int changes;

  /** Returns whether the type of each parameter is specified. */
  final boolean areParametersTyped() {
    for (var parameter : parameters) {
      if (parameter != null && parameter.kind() != Kind.TYPED) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether a parameter is a stream, so that the parameters can be applied once only. */
  final boolean haveParametersStream() {
    for (var parameter : parameters) {
      if (parameter != null && parameter.kind() == Kind.STREAM) {
        return true;
      }
    }
    return false;
  }

  /**
   * Sets the parameters of a statement of the driver.
   *
   * @param offset the number of parameters that precede them
   */
  final void applyParameters(PreparedStatement statement, int offset) throws SQLException {
    for (var i = 0; i < parameters.size(); i++) {
      var parameter = parameters.get(i);
      if (parameter != null) {
        parameter.setter().set(statement, i + 1 + offset);
      }
    }
  }

  /** Returns how often parameters have been set or cleared. */
  final int parameterChanges() {
    return changes;
  }

  @Override
  public final void clearParameters() {
    parameters.clear();
    changes++;
  }

  private void typed(int index, Setter setter) throws SQLException {
    set(index, Kind.TYPED, setter);
  }

  private void untyped(int index, Setter setter) throws SQLException {
    set(index, Kind.UNTYPED, setter);
  }

  private void stream(int index, Setter setter) throws SQLException {
    set(index, Kind.STREAM, setter);
  }

  private void set(int index, Kind kind, Setter setter) throws SQLException {
    if (index < 1) {
      throw new SQLException("Parameters are numbered from 1, not from " + index);
    }
    while (parameters.size() < index) {
      parameters.add(null);
    }
    parameters.set(index - 1, new Parameter(setter, kind));
    changes++;
  }

  private static @Nullable Object copy(@Nullable Object value) throws SQLException {
    return switch (value) {
      case null -> null;
      case byte[] bytes -> bytes.clone();
      case java.util.Date date -> date.clone();
      case Calendar calendar -> calendar.clone();
      case Array array -> OwnerScopedArray.driverArray(array);
      case Blob blob -> throw new SQLFeatureNotSupportedException(OwnerScopedRows.NO_LARGE_OBJECTS);
      case Clob clob -> throw new SQLFeatureNotSupportedException(OwnerScopedRows.NO_LARGE_OBJECTS);
      default -> value;
    };
  }

  private static <T> @Nullable T copyOf(@Nullable T value) throws SQLException {
    @SuppressWarnings("unchecked") // a copy is of the same class
    var copy = (T) copy(value);
    return copy;
  }

  @Override
  public final void setNull(int index, int type) throws SQLException {
    set(
        index,
        typedIf(TYPED_TARGETS.contains(type) || TYPED_NULLS.contains(type)),
        (to, at) -> to.setNull(at, type));
  }

  @Override
  public final void setNull(int index, int type, @Nullable String name) throws SQLException {
    untyped(index, (to, at) -> to.setNull(at, type, name));
  }

  @Override
  public final void setBoolean(int index, boolean value) throws SQLException {
    typed(index, (to, at) -> to.setBoolean(at, value));
  }

  @Override
  public final void setByte(int index, byte value) throws SQLException {
    untyped(index, (to, at) -> to.setByte(at, value));
  }

  @Override
  public final void setShort(int index, short value) throws SQLException {
    typed(index, (to, at) -> to.setShort(at, value));
  }

  @Override
  public final void setInt(int index, int value) throws SQLException {
    typed(index, (to, at) -> to.setInt(at, value));
  }

  @Override
  public final void setLong(int index, long value) throws SQLException {
    typed(index, (to, at) -> to.setLong(at, value));
  }

  @Override
  public final void setFloat(int index, float value) throws SQLException {
    typed(index, (to, at) -> to.setFloat(at, value));
  }

  @Override
  public final void setDouble(int index, double value) throws SQLException {
    typed(index, (to, at) -> to.setDouble(at, value));
  }

  @Override
  public final void setBigDecimal(int index, @Nullable BigDecimal value) throws SQLException {
    typed(index, (to, at) -> to.setBigDecimal(at, value));
  }

  @Override
  public final void setString(int index, @Nullable String value) throws SQLException {
    typed(index, (to, at) -> to.setString(at, value));
  }

  @Override
  public final void setBytes(int index, byte @Nullable [] value) throws SQLException {
    var copy = value == null ? null : value.clone();
    typed(index, (to, at) -> to.setBytes(at, copy));
  }

  @Override
  public final void setDate(int index, @Nullable Date value) throws SQLException {
    var copy = copyOf(value);
    untyped(index, (to, at) -> to.setDate(at, copy));
  }

  @Override
  public final void setDate(int index, @Nullable Date value, @Nullable Calendar zone)
      throws SQLException {
    var copy = copyOf(value);
    var zoneCopy = copyOf(zone);
    untyped(index, (to, at) -> to.setDate(at, copy, zoneCopy));
  }

  @Override
  public final void setTime(int index, @Nullable Time value) throws SQLException {
    var copy = copyOf(value);
    untyped(index, (to, at) -> to.setTime(at, copy));
  }

  @Override
  public final void setTime(int index, @Nullable Time value, @Nullable Calendar zone)
      throws SQLException {
    var copy = copyOf(value);
    var zoneCopy = copyOf(zone);
    untyped(index, (to, at) -> to.setTime(at, copy, zoneCopy));
  }

  @Override
  public final void setTimestamp(int index, @Nullable Timestamp value) throws SQLException {
    var copy = copyOf(value);
    untyped(index, (to, at) -> to.setTimestamp(at, copy));
  }

  @Override
  public final void setTimestamp(int index, @Nullable Timestamp value, @Nullable Calendar zone)
      throws SQLException {
    var copy = copyOf(value);
    var zoneCopy = copyOf(zone);
    untyped(index, (to, at) -> to.setTimestamp(at, copy, zoneCopy));
  }

  @Override
  public final void setArray(int index, @Nullable Array value) throws SQLException {
    var array = copyOf(value);
    set(index, typedIf(value != null), (to, at) -> to.setArray(at, array));
  }

  @Override
  public final void setObject(int index, @Nullable Object value) throws SQLException {
    var copy = copy(value);
    set(
        index,
        typedIf(
            value instanceof PGobject || value != null && TYPED_CLASSES.contains(value.getClass())),
        (to, at) -> to.setObject(at, copy));
  }

  @Override
  public final void setObject(int index, @Nullable Object value, int type) throws SQLException {
    var copy = copy(value, type);
    set(index, kind(value, type), (to, at) -> to.setObject(at, copy, type));
  }

  @Override
  public final void setObject(int index, @Nullable Object value, int type, int scale)
      throws SQLException {
    var copy = copy(value, type);
    set(index, kind(value, type), (to, at) -> to.setObject(at, copy, type, scale));
  }

  private static @Nullable Object copy(@Nullable Object value, int type) throws SQLException {
    if (value != null && LARGE_OBJECTS.contains(type)) { // the driver would create one at once
      throw new SQLFeatureNotSupportedException(OwnerScopedRows.NO_LARGE_OBJECTS);
    }
    return copy(value);
  }

  private static Kind kind(@Nullable Object value, int type) {
    if (value instanceof InputStream) {
      return Kind.STREAM;
    }
    return typedIf(
        TYPED_TARGETS.contains(type)
            || type == Types.OTHER && (value instanceof UUID || value instanceof PGobject));
  }

  @Override
  public final void setSQLXML(int index, @Nullable SQLXML value) throws SQLException {
    untyped(index, (to, at) -> to.setSQLXML(at, value));
  }

  @Override
  public final void setAsciiStream(int index, @Nullable InputStream value, int length)
      throws SQLException {
    stream(index, (to, at) -> to.setAsciiStream(at, value, length));
  }

  @Override
  @Deprecated
  public final void setUnicodeStream(int index, @Nullable InputStream value, int length)
      throws SQLException {
    stream(index, (to, at) -> to.setUnicodeStream(at, value, length));
  }

  @Override
  public final void setBinaryStream(int index, @Nullable InputStream value) throws SQLException {
    stream(index, (to, at) -> to.setBinaryStream(at, value));
  }

  @Override
  public final void setBinaryStream(int index, @Nullable InputStream value, int length)
      throws SQLException {
    stream(index, (to, at) -> to.setBinaryStream(at, value, length));
  }

  @Override
  public final void setBinaryStream(int index, @Nullable InputStream value, long length)
      throws SQLException {
    stream(index, (to, at) -> to.setBinaryStream(at, value, length));
  }

  @Override
  public final void setCharacterStream(int index, @Nullable Reader value) throws SQLException {
    stream(index, (to, at) -> to.setCharacterStream(at, value));
  }

  @Override
  public final void setCharacterStream(int index, @Nullable Reader value, int length)
      throws SQLException {
    stream(index, (to, at) -> to.setCharacterStream(at, value, length));
  }
}
