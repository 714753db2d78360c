/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.settings;

import java.nio.charset.StandardCharsets;
import java.util.List;
import rowlock.settings.InvalidSettingException;
import rowlock.settings.Variables;

/**
 * The database and its three logins: one serves requests, one writes the revocation ledger, and one
 * migrates at start-up. The first two have no other privileges.
 *
 * @param url JDBC URL, {@code ROWLOCK_DB_URL}
 * @param user the application role, {@code ROWLOCK_DB_USER}
 * @param password its password, {@code ROWLOCK_DB_PASSWORD}
 * @param ledgerUser the role that writes the revocation ledger, {@code ROWLOCK_DB_LEDGER_USER},
 *     default {@code <ROWLOCK_DB_USER>_ledger}
 * @param ledgerPassword its password, {@code ROWLOCK_DB_LEDGER_PASSWORD}, default that of {@code
 *     ROWLOCK_DB_USER}
 * @param migrationUser the role that owns the tables, {@code ROWLOCK_DB_MIGRATION_USER}
 * @param migrationPassword its password, {@code ROWLOCK_DB_MIGRATION_PASSWORD}
 * @param migrationUrl JDBC URL of the same database for the migration, {@code
 *     ROWLOCK_DB_MIGRATION_URL}, default {@code url}; never that of a connection pooler
 * @param schema the schema of the application's tables, {@code ROWLOCK_DB_SCHEMA}, default {@code
 *     public}; created if it is missing
 * @param poolSize connections of the application role, {@code ROWLOCK_DB_POOL_SIZE}
 * @param scripts Flyway locations of the application's migrations, {@code spring.flyway.locations},
 *     default {@code classpath:db/migration}
 */
public record DatabaseSettings(
    String url,
    String user,
    String password,
    String ledgerUser,
    String ledgerPassword,
    String migrationUser,
    String migrationPassword,
    String migrationUrl,
    String schema,
    int poolSize,
    List<String> scripts) {

  private static final String DEFAULT_SCHEMA = "public";

  private static final List<String> DEFAULT_SCRIPTS = List.of("classpath:db/migration");

  // A request holds a connection for one round trip, well under a millisecond: few serve many.
  private static final int DEFAULT_POOL_SIZE = 8;

  private static final String LEDGER = "_ledger";

  /** PostgreSQL silently truncates longer names. */
  private static final int MAX_NAME = 63;

  /** Rejects invalid values. */
  public DatabaseSettings {
    scripts = List.copyOf(scripts);
    if (!url.startsWith("jdbc:postgresql:")) {
      throw new InvalidSettingException(
          "ROWLOCK_DB_URL", "must look like jdbc:postgresql://host:5432/app.");
    }
    if (!migrationUrl.startsWith("jdbc:postgresql:")) {
      throw new InvalidSettingException(
          "ROWLOCK_DB_MIGRATION_URL", "must look like jdbc:postgresql://host:5432/app.");
    }
    if (user.equals(migrationUser)) {
      throw new InvalidSettingException(
          "ROWLOCK_DB_USER",
          "is the same role as ROWLOCK_DB_MIGRATION_USER. The role that serves requests must not"
              + " own the tables, or row security would not bind it.");
    }
    if (ledgerUser.equals(user) || ledgerUser.equals(migrationUser)) {
      throw new InvalidSettingException(
          "ROWLOCK_DB_LEDGER_USER",
          "is the same role as ROWLOCK_DB_USER or ROWLOCK_DB_MIGRATION_USER. A statement of the"
              + " domain must not be able to write the revocation ledger.");
    }
    if (ledgerUser.getBytes(StandardCharsets.UTF_8).length > MAX_NAME) {
      throw new InvalidSettingException(
          "ROWLOCK_DB_LEDGER_USER", "must not be longer than 63 bytes. Set it to a shorter name.");
    }
    if (!schema.matches("[a-z_][a-z0-9_]{0,62}") || schema.matches("(pg_|rowlock$).*")) {
      throw new InvalidSettingException(
          "ROWLOCK_DB_SCHEMA",
          "must be a schema for the application's tables, in lower case, such as public. The schema"
              + " rowlock belongs to the engine.");
    }
    if (poolSize < 1 || poolSize > 1000) {
      throw new InvalidSettingException(
          "ROWLOCK_DB_POOL_SIZE", "must be a number of connections between 1 and 1000.");
    }
  }

  /** Creates settings with the default location of the scripts. */
  public DatabaseSettings(
      String url,
      String user,
      String password,
      String ledgerUser,
      String ledgerPassword,
      String migrationUser,
      String migrationPassword,
      String migrationUrl,
      String schema,
      int poolSize) {
    this(
        url,
        user,
        password,
        ledgerUser,
        ledgerPassword,
        migrationUser,
        migrationPassword,
        migrationUrl,
        schema,
        poolSize,
        DEFAULT_SCRIPTS);
  }

  /** Creates settings with one URL for all roles. */
  public DatabaseSettings(
      String url,
      String user,
      String password,
      String ledgerUser,
      String ledgerPassword,
      String migrationUser,
      String migrationPassword,
      int poolSize) {
    this(
        url,
        user,
        password,
        ledgerUser,
        ledgerPassword,
        migrationUser,
        migrationPassword,
        url,
        DEFAULT_SCHEMA,
        poolSize);
  }

  /** Returns a copy with another schema for the application's tables. */
  public DatabaseSettings withSchema(String other) {
    return new DatabaseSettings(
        url,
        user,
        password,
        ledgerUser,
        ledgerPassword,
        migrationUser,
        migrationPassword,
        migrationUrl,
        other,
        poolSize,
        scripts);
  }

  /** Creates settings with the default role for the ledger, and one URL for all roles. */
  public DatabaseSettings(
      String url,
      String user,
      String password,
      String migrationUser,
      String migrationPassword,
      int poolSize) {
    this(url, user, password, user + LEDGER, password, migrationUser, migrationPassword, poolSize);
  }

  static DatabaseSettings from(Variables variables) {
    var url = variables.required("ROWLOCK_DB_URL", "Set it like jdbc:postgresql://host:5432/app.");
    var user = variables.required("ROWLOCK_DB_USER", "Set it to the role that serves requests.");
    var password =
        variables.required("ROWLOCK_DB_PASSWORD", "Set it to the password of ROWLOCK_DB_USER.");
    return new DatabaseSettings(
        url,
        user,
        password,
        variables.text("ROWLOCK_DB_LEDGER_USER", user + LEDGER),
        variables.text("ROWLOCK_DB_LEDGER_PASSWORD", password),
        variables.required(
            "ROWLOCK_DB_MIGRATION_USER", "Set it to the role that creates the tables."),
        variables.required(
            "ROWLOCK_DB_MIGRATION_PASSWORD",
            "Set it to the password of ROWLOCK_DB_MIGRATION_USER."),
        variables.text("ROWLOCK_DB_MIGRATION_URL", url),
        variables.text("ROWLOCK_DB_SCHEMA", DEFAULT_SCHEMA),
        variables.number("ROWLOCK_DB_POOL_SIZE", DEFAULT_POOL_SIZE),
        variables.names("SPRING_FLYWAY_LOCATIONS", DEFAULT_SCRIPTS));
  }

  /** Omits the passwords. */
  @Override
  public String toString() {
    return "DatabaseSettings[url="
        + url
        + ", user="
        + user
        + ", ledgerUser="
        + ledgerUser
        + ", migrationUser="
        + migrationUser
        + "]";
  }
}
