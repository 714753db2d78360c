/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.Parser;
import org.postgresql.core.SqlCommandType;

/**
 * The text of a statement as parsed by the driver.
 *
 * @param sql the text itself
 * @param statements the number of statements in it
 * @param changesRows whether it inserts, updates or deletes
 * @param returnsRows whether it has a {@code returning} clause
 */
record StatementText(String sql, int statements, boolean changesRows, boolean returnsRows) {

  /** All columns of a generated key. */
  static final String ALL = "*";

  private static final Set<SqlCommandType> CHANGES =
      Set.of(SqlCommandType.INSERT, SqlCommandType.UPDATE, SqlCommandType.DELETE);

  static StatementText of(String sql, Connection driver) throws SQLException {
    var standardStrings = driver.unwrap(BaseConnection.class).getStandardConformingStrings();
    var parsed = Parser.parseJdbcSql(sql, standardStrings, true, true, false, true);
    if (parsed.size() != 1) {
      return new StatementText(sql, parsed.size(), false, false);
    }
    var command = parsed.getFirst().getCommand();
    return new StatementText(
        sql,
        1,
        command != null && CHANGES.contains(command.getType()),
        command != null && command.isReturningKeywordPresent());
  }

  /** Returns the names of key columns as they stand in a {@code returning} clause. */
  static String quoted(String[] columns) {
    return Arrays.stream(columns)
        .map(column -> '"' + column.replace("\"", "\"\"") + '"')
        .collect(Collectors.joining(", "));
  }

  /**
   * Returns the text with a {@code returning} clause. The driver adds one to a text of one
   * statement only, and the text that is sent has {@code rowlock.enter} in it as well.
   *
   * @param columns {@link #ALL} or quoted names
   */
  String returning(String columns) {
    if (!changesRows || returnsRows) {
      return sql;
    }
    var statement = sql.stripTrailing();
    while (statement.endsWith(";")) {
      statement = statement.substring(0, statement.length() - 1).stripTrailing();
    }
    return statement + "\nreturning " + columns; // a new line ends a comment
  }
}
