/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A statement whose settings also apply to the statements that it prepares later. */
abstract class ConfiguredStatement extends DriverWrapper implements Statement {
  private interface Setting {
    void set(Statement statement) throws SQLException;
  }

  private final Map<String, Setting> settings = new LinkedHashMap<>();

  /** Returns the statements that are prepared. */
  abstract List<? extends Statement> prepared();

  /** Applies the settings to a statement that has just been prepared. */
  final <S extends Statement> S withSettings(S statement) throws SQLException {
    for (var setting : settings.values()) {
      setting.set(statement);
    }
    return statement;
  }

  private void configure(String name, Setting setting) throws SQLException {
    for (var statement : prepared()) {
      setting.set(statement);
    }
    settings.put(name, setting);
  }

  @Override
  public final void closeOnCompletion() throws SQLException {
    configure("closeOnCompletion", Statement::closeOnCompletion);
  }

  @Override
  public final void setCursorName(String name) throws SQLException {
    configure("cursorName", statement -> statement.setCursorName(name));
  }

  @Override
  public final void setEscapeProcessing(boolean enable) throws SQLException {
    configure("escapeProcessing", statement -> statement.setEscapeProcessing(enable));
  }

  @Override
  public final void setFetchDirection(int direction) throws SQLException {
    configure("fetchDirection", statement -> statement.setFetchDirection(direction));
  }

  @Override
  public final void setFetchSize(int rows) throws SQLException {
    configure("fetchSize", statement -> statement.setFetchSize(rows));
  }

  @Override
  public final void setLargeMaxRows(long rows) throws SQLException {
    configure("maxRows", statement -> statement.setLargeMaxRows(rows));
  }

  @Override
  public final void setMaxFieldSize(int bytes) throws SQLException {
    configure("maxFieldSize", statement -> statement.setMaxFieldSize(bytes));
  }

  @Override
  public final void setMaxRows(int rows) throws SQLException {
    configure("maxRows", statement -> statement.setMaxRows(rows));
  }

  @Override
  public final void setPoolable(boolean poolable) throws SQLException {
    configure("poolable", statement -> statement.setPoolable(poolable));
  }

  @Override
  public final void setQueryTimeout(int seconds) throws SQLException {
    configure("queryTimeout", statement -> statement.setQueryTimeout(seconds));
  }
}
