/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.settings;

import rowlock.settings.InvalidSettingException;
import rowlock.settings.Variables;

/**
 * The database and the two roles that reach it: one that serves requests and can do no more than
 * that, and one that migrates at the start.
 *
 * @param url JDBC URL, {@code ROWLOCK_WEB_DB_URL}
 * @param user the application role, {@code ROWLOCK_WEB_DB_USER}
 * @param password its password, {@code ROWLOCK_WEB_DB_PASSWORD}
 * @param migrationUser the role that owns the tables, {@code ROWLOCK_WEB_DB_MIGRATION_USER}
 * @param migrationPassword its password, {@code ROWLOCK_WEB_DB_MIGRATION_PASSWORD}
 * @param poolSize connections of the application role, {@code ROWLOCK_WEB_DB_POOL_SIZE}
 */
public record DatabaseSettings(
    String url,
    String user,
    String password,
    String migrationUser,
    String migrationPassword,
    int poolSize) {

  // A request holds a connection for one round trip, well under a millisecond: few serve many.
  private static final int DEFAULT_POOL_SIZE = 8;

  /** Refuses what contradicts itself. */
  public DatabaseSettings {
    if (!url.startsWith("jdbc:postgresql:")) {
      throw new InvalidSettingException(
          "ROWLOCK_WEB_DB_URL", "must look like jdbc:postgresql://host:5432/sessions.");
    }
    if (user.equals(migrationUser)) {
      throw new InvalidSettingException(
          "ROWLOCK_WEB_DB_USER",
          "is the same role as ROWLOCK_WEB_DB_MIGRATION_USER. The role that serves requests must not"
              + " own the tables.");
    }
    if (poolSize < 1 || poolSize > 1000) {
      throw new InvalidSettingException(
          "ROWLOCK_WEB_DB_POOL_SIZE", "must be a number of connections between 1 and 1000.");
    }
  }

  static DatabaseSettings from(Variables variables) {
    return new DatabaseSettings(
        variables.required(
            "ROWLOCK_WEB_DB_URL", "Set it like jdbc:postgresql://host:5432/sessions."),
        variables.required("ROWLOCK_WEB_DB_USER", "Set it to the role that serves requests."),
        variables.required(
            "ROWLOCK_WEB_DB_PASSWORD", "Set it to the password of ROWLOCK_WEB_DB_USER."),
        variables.required(
            "ROWLOCK_WEB_DB_MIGRATION_USER", "Set it to the role that creates the tables."),
        variables.required(
            "ROWLOCK_WEB_DB_MIGRATION_PASSWORD",
            "Set it to the password of ROWLOCK_WEB_DB_MIGRATION_USER."),
        variables.number("ROWLOCK_WEB_DB_POOL_SIZE", DEFAULT_POOL_SIZE));
  }

  /** Without the passwords. */
  @Override
  public String toString() {
    return "DatabaseSettings[url="
        + url
        + ", user="
        + user
        + ", migrationUser="
        + migrationUser
        + "]";
  }
}
