/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

/**
 * A connection for a thread without an owner. It provides the product name and capabilities of the
 * database, from which frameworks choose a dialect at start-up, and sends no statement except the
 * one of {@link VersionStatement}.
 */
abstract class UnownedConnection extends DriverWrapper implements Connection {
  private interface Factory {
    UnownedConnection create(Connection driver);
  }

  private static final Set<String> HARMLESS =
      Set.of(
          "clearWarnings",
          "close",
          "getAutoCommit",
          "getCatalog",
          "getHoldability",
          "getSchema",
          "getTransactionIsolation",
          "getWarnings",
          "isClosed",
          "isReadOnly",
          "isValid");

  private static final Factory FACTORY =
      ForwardingClass.define(
          UnownedConnection.class, Factory.class, method -> HARMLESS.contains(method.getName()));

  /** The beginning of the message of every rejected statement. */
  static final String UNBOUND = "No owner is bound";

  private static final String MESSAGE =
      UNBOUND
          + ": rows are out of reach outside a request. For work on another thread, keep"
          + " Owner.current() of the request and run the work by its method call.";

  private final Connection driver;

  UnownedConnection(Connection driver) {
    this.driver = driver;
  }

  static Connection around(Connection driver) {
    return FACTORY.create(driver);
  }

  @Override
  Connection target() {
    return driver;
  }

  @Override
  RuntimeException refusal(String method) {
    return unbound();
  }

  static IllegalStateException unbound() {
    return new IllegalStateException(MESSAGE);
  }

  @Override
  public final DatabaseMetaData getMetaData() throws SQLException {
    return OwnerScopedMetaData.of(driver.getMetaData(), this);
  }

  @Override
  public final Statement createStatement() throws SQLException {
    return VersionStatement.on(driver, this);
  }

  @Override
  public final Statement createStatement(int type, int concurrency) throws SQLException {
    return createStatement();
  }

  @Override
  public final Statement createStatement(int type, int concurrency, int holdability)
      throws SQLException {
    return createStatement();
  }

  @Override
  public final String toString() {
    return "connection without an owner";
  }
}
