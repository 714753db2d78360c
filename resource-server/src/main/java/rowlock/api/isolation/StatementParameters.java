/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGobject;

/**
 * The parameters of an owner-scoped statement, kept until it is known whether it runs as a single
 * statement or as an entry of a batch.
 */
final class StatementParameters {
  /** Setters whose name determines the type. */
  private static final Set<String> TYPED =
      Set.of(
          "setArray",
          "setBigDecimal",
          "setBoolean",
          "setBytes",
          "setDouble",
          "setFloat",
          "setInt",
          "setLong",
          "setShort",
          "setString");

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

  private record Setting(Method setter, Object[] arguments, boolean typed) {}

  private final List<@Nullable Setting> settings = new ArrayList<>();

  /**
   * Returns whether the method is a setter such as {@code setString(1, ...)}, but not {@code
   * setQueryTimeout(1)}.
   */
  static boolean isSetter(Method method) {
    return method.getName().startsWith("set")
        && method.getParameterCount() >= 2
        && method.getParameterTypes()[0] == int.class;
  }

  /** Stores a copy of a parameter. */
  void set(Method setter, Object[] arguments) throws SQLException {
    var index = (int) arguments[0];
    if (index < 1) {
      throw new SQLException("Parameters are numbered from 1, not from " + index);
    }
    var typed = settlesType(setter.getName(), arguments);
    if (arguments[1] != null) {
      arguments[1] = copy(arguments[1]);
    }
    while (settings.size() < index) {
      settings.add(null);
    }
    settings.set(index - 1, new Setting(setter, arguments, typed));
  }

  private static Object copy(Object value) {
    return switch (value) {
      case byte[] bytes -> bytes.clone();
      case Date date -> date.clone();
      case Calendar calendar -> calendar.clone();
      default -> OwnerScopedRows.driverValue(value);
    };
  }

  void clear() {
    settings.clear();
  }

  /** Returns whether the type of each parameter is specified. */
  boolean areTyped() {
    for (var setting : settings) {
      if (setting != null && !setting.typed()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Sets the parameters of a statement of the driver.
   *
   * @param offset how many parameters precede them
   */
  void apply(PreparedStatement statement, int offset) throws Throwable {
    for (var i = 0; i < settings.size(); i++) {
      var setting = settings.get(i);
      if (setting != null) {
        var arguments = setting.arguments(); // the proxy's own array, made for one call
        arguments[0] = i + 1 + offset;
        OwnerScopedConnection.call(statement, setting.setter(), arguments);
      }
    }
  }

  private static boolean settlesType(String setter, Object[] arguments) {
    return switch (setter) {
      case "setNull" ->
          arguments.length == 2
              && arguments[1] instanceof Integer type
              && (TYPED_TARGETS.contains(type) || TYPED_NULLS.contains(type));
      case "setObject" ->
          arguments.length == 2
              ? arguments[1] instanceof PGobject
                  || arguments[1] != null && TYPED_CLASSES.contains(arguments[1].getClass())
              : arguments[2] instanceof Integer type
                  && (TYPED_TARGETS.contains(type)
                      || type == Types.OTHER
                          && (arguments[1] instanceof UUID || arguments[1] instanceof PGobject));
      case "setArray" -> arguments[1] != null;
      default -> TYPED.contains(setter);
    };
  }
}
