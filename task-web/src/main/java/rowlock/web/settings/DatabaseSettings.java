/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.settings;

import rowlock.settings.InvalidSettingException;
import rowlock.settings.Variables;

/**
 * Database and its two roles: the application role, which serves requests and has no further
 * privileges, and the migration role.
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

  // a request holds a connection for one round trip of less than a millisecond, so that few suffice
  private static final int DEFAULT_POOL_SIZE = 8;

  /** Rejects invalid values. */
  public DatabaseSettings {
    if (!url.startsWith("jdbc:postgresql:")) {
      throw new InvalidSettingException(
          "ROWLOCK_WEB_DB_URL", "must have the form jdbc:postgresql://host:5432/sessions.");
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
            "ROWLOCK_WEB_DB_URL", "Set it to a URL such as jdbc:postgresql://host:5432/sessions."),
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

  /** Omits the passwords. */
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
