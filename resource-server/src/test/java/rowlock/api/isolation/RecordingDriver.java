/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.io.InputStream;
import java.io.Reader;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URL;
import java.sql.Connection;
import java.sql.Date;
import java.sql.JDBCType;
import java.sql.RowIdLifetime;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLWarning;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/** A driver that records its calls and answers each with a value of the type. */
final class RecordingDriver {
  /** A call, with the name of the interface of its target. */
  record Call(String target, String method, List<@Nullable Object> arguments) {}

  private final List<Call> calls = new ArrayList<>();
  private final Map<Class<?>, Object> values = new HashMap<>();
  private @Nullable SQLException failure;

  /** Makes each further call fail. */
  void failWith(SQLException exception) {
    failure = exception;
  }

  /** Returns the recorded calls and forgets them. */
  List<Call> takeCalls() {
    var taken = List.copyOf(calls);
    calls.clear();
    return taken;
  }

  /** Returns a connection for an owner-scoped one. */
  Connection connection() {
    return value(Connection.class);
  }

  /** Calls a method with a value for each parameter. */
  @Nullable Object call(Object target, Method method) throws Exception {
    return method.invoke(target, arguments(method));
  }

  Object[] arguments(Method method) {
    return Arrays.stream(method.getParameterTypes()).map(this::value).toArray();
  }

  /** Returns the value that stands for a type, always the same one. */
  @SuppressWarnings("unchecked")
  <T> T value(Class<T> type) {
    var known = values.get(type);
    if (known == null) {
      known = create(type);
      values.put(type, known);
    }
    return (T) known;
  }

  private Object create(Class<?> type) {
    if (type == TransactionState.class) {
      return TransactionState.IDLE;
    }
    if (type == RowIdLifetime.class) {
      return RowIdLifetime.ROWID_UNSUPPORTED;
    }
    if (type == SQLType.class) {
      return JDBCType.VARCHAR;
    }
    if (type.isInterface()) {
      return record(type);
    }
    if (type.isArray()) {
      return java.lang.reflect.Array.newInstance(type.componentType(), 1);
    }
    return switch (type.getSimpleName()) {
      case "boolean" -> true;
      case "byte" -> (byte) 7;
      case "short" -> (short) 7;
      case "int" -> 7;
      case "long" -> 7L << 40;
      case "float" -> 7.5F;
      case "double" -> 7.25;
      case "String" -> "text";
      case "Object" -> "object";
      case "Class" -> String.class;
      case "BigDecimal" -> BigDecimal.TEN;
      case "Date" -> new Date(7_000);
      case "Time" -> new Time(7_000);
      case "Timestamp" -> new Timestamp(7_000);
      case "Calendar" -> new GregorianCalendar(2026, Calendar.MAY, 1);
      case "InputStream" -> InputStream.nullInputStream();
      case "Reader" -> Reader.nullReader();
      case "Properties" -> new Properties();
      case "SQLWarning" -> new SQLWarning();
      case "URL" -> url();
      default -> throw new IllegalArgumentException("No value for " + type);
    };
  }

  private static URL url() {
    try {
      return URI.create("https://www.example.org").toURL();
    } catch (java.net.MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Object record(Class<?> type) {
    return Proxy.newProxyInstance(
        RecordingDriver.class.getClassLoader(),
        new Class<?>[] {type},
        (self, method, given) -> {
          switch (method.getName()) {
            case "equals" -> {
              return self == given[0];
            }
            case "hashCode" -> {
              return System.identityHashCode(self);
            }
            case "toString" -> {
              return "the driver's " + type.getSimpleName();
            }
            default -> {}
          }
          var arguments = given == null ? List.of() : Arrays.asList(given);
          if (type != BaseConnection.class && type != PGStatement.class) {
            calls.add(new Call(type.getSimpleName(), method.getName(), arguments));
          }
          if (failure != null) {
            throw failure;
          }
          if (method.getName().equals("unwrap")) {
            return value((Class<?>) given[0]);
          }
          return method.getReturnType() == void.class ? null : value(method.getReturnType());
        });
  }
}
