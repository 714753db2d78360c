/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.database;

import java.sql.SQLException;
import rowlock.settings.InvalidSettingException;

/**
 * A login of PostgreSQL, and the settings that configure it.
 *
 * @param user the name of the login
 * @param userVariable the environment variable of the name
 * @param password the password of the login
 * @param passwordVariable the environment variable of the password
 * @param urlVariable the environment variable of the JDBC URL
 */
public record DatabaseLogin(
    String user,
    String userVariable,
    String password,
    String passwordVariable,
    String urlVariable) {

  /**
   * Returns the setting that explains why this login cannot connect.
   *
   * @param failure the answer of the server, or of the driver
   */
  public InvalidSettingException refused(SQLException failure) {
    var state = String.valueOf(failure.getSQLState());
    return switch (state) {
      case "28P01" ->
          new InvalidSettingException(
              passwordVariable, "is not the password of the login " + user + ".");
      case "28000" ->
          new InvalidSettingException(
              userVariable, "names a login that PostgreSQL does not admit: " + user + ".");
      case "42501" ->
          new InvalidSettingException(
              userVariable, "names a login that may not connect to this database: " + user + ".");
      case "3D000" ->
          new InvalidSettingException(
              urlVariable, "names a database that does not exist. Create it first.");
      default ->
          new InvalidSettingException(
              urlVariable,
              state.startsWith("08") || state.startsWith("57")
                  ? "names a database that cannot be reached. Start it, or correct the address."
                  : "names a database that answers with the SQLSTATE " + state + ".");
    };
  }

  /** Omits the password. */
  @Override
  public String toString() {
    return "DatabaseLogin[user=" + user + "]";
  }
}
