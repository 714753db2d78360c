/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import org.jspecify.annotations.Nullable;

/**
 * An object of the driver in the form that the application may use. A subclass is abstract: it has
 * the methods that differ from those of the driver, and {@link ForwardingClass} adds the others.
 */
abstract class DriverWrapper {
  /** Returns the object to which methods are forwarded. */
  abstract Object target();

  /** Returns what the application receives for a value that a forwarded method has returned. */
  @Nullable Object around(@Nullable Object value) throws SQLException {
    return value;
  }

  /** Returns the exception of a method that is neither implemented nor forwarded. */
  Exception refusal(String method) {
    return new SQLFeatureNotSupportedException(method + " is not owner-scoped");
  }

  /** Returns the wrapper itself if it is of the type. The driver's objects are not accessible. */
  public final <T> T unwrap(Class<T> type) throws SQLException {
    if (isWrapperFor(type)) {
      return type.cast(this);
    }
    throw new SQLFeatureNotSupportedException(
        "The driver's objects have no owner: use the methods of java.sql");
  }

  public final boolean isWrapperFor(Class<?> type) {
    return type.isInstance(this);
  }
}
