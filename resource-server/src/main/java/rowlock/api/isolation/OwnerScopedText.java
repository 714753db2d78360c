/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.List;

/** A statement without parameters: each text becomes a prepared statement. */
abstract class OwnerScopedText extends ConfiguredStatement {
  private interface Factory {
    OwnerScopedText create(Connection connection, int type) throws SQLException;
  }

  private static final Factory FACTORY =
      ForwardingClass.define(
          OwnerScopedText.class, Factory.class, method -> !method.getName().endsWith("Batch"));

  private final Connection connection;
  private final int type;
  private PreparedStatement last;

  OwnerScopedText(Connection connection, int type) throws SQLException {
    this.connection = connection;
    this.type = type;
    this.last = connection.prepareStatement(""); // nothing is sent for it
  }

  /**
   * @param connection the owner-scoped connection
   * @param type that of the results
   */
  static Statement statement(Connection connection, int type) throws SQLException {
    return FACTORY.create(connection, type);
  }

  @Override
  PreparedStatement target() {
    return last;
  }

  @Override
  SQLException refusal(String method) {
    return new SQLFeatureNotSupportedException(
        "Statement." + method + " is not owner-scoped: use prepareStatement(sql).addBatch()");
  }

  @Override
  List<PreparedStatement> prepared() {
    return List.of(last);
  }

  private interface Preparer {
    PreparedStatement prepare() throws SQLException;
  }

  private PreparedStatement next(Preparer preparer) throws SQLException {
    last.close();
    last = preparer.prepare();
    return withSettings(last);
  }

  private PreparedStatement next(String sql) throws SQLException {
    return next(() -> connection.prepareStatement(sql, type, ResultSet.CONCUR_READ_ONLY));
  }

  private PreparedStatement next(String sql, int keys) throws SQLException {
    return keys == Statement.RETURN_GENERATED_KEYS
        ? next(() -> connection.prepareStatement(sql, keys))
        : next(sql);
  }

  private PreparedStatement next(String sql, int[] keys) throws SQLException {
    return next(() -> connection.prepareStatement(sql, keys));
  }

  private PreparedStatement next(String sql, String[] keys) throws SQLException {
    return next(() -> connection.prepareStatement(sql, keys));
  }

  @Override
  public final ResultSet executeQuery(String sql) throws SQLException {
    return next(sql).executeQuery();
  }

  @Override
  public final boolean execute(String sql) throws SQLException {
    return next(sql).execute();
  }

  @Override
  public final boolean execute(String sql, int keys) throws SQLException {
    return next(sql, keys).execute();
  }

  @Override
  public final boolean execute(String sql, int[] keys) throws SQLException {
    return next(sql, keys).execute();
  }

  @Override
  public final boolean execute(String sql, String[] keys) throws SQLException {
    return next(sql, keys).execute();
  }

  @Override
  public final int executeUpdate(String sql) throws SQLException {
    return next(sql).executeUpdate();
  }

  @Override
  public final int executeUpdate(String sql, int keys) throws SQLException {
    return next(sql, keys).executeUpdate();
  }

  @Override
  public final int executeUpdate(String sql, int[] keys) throws SQLException {
    return next(sql, keys).executeUpdate();
  }

  @Override
  public final int executeUpdate(String sql, String[] keys) throws SQLException {
    return next(sql, keys).executeUpdate();
  }

  @Override
  public final long executeLargeUpdate(String sql) throws SQLException {
    return next(sql).executeLargeUpdate();
  }

  @Override
  public final long executeLargeUpdate(String sql, int keys) throws SQLException {
    return next(sql, keys).executeLargeUpdate();
  }

  @Override
  public final long executeLargeUpdate(String sql, int[] keys) throws SQLException {
    return next(sql, keys).executeLargeUpdate();
  }

  @Override
  public final long executeLargeUpdate(String sql, String[] keys) throws SQLException {
    return next(sql, keys).executeLargeUpdate();
  }

  @Override
  public final String toString() {
    return "owner-scoped statement";
  }
}
