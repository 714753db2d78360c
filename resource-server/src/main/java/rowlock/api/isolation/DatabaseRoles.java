/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rowlock.api.settings.DatabaseSettings;
import rowlock.database.DatabasePreparation;
import rowlock.database.DatabaseServer;
import rowlock.settings.InvalidSettingException;

/**
 * Creates what the first migration needs: the role that owns the tables and cannot log in, the
 * logins that serve requests and write the ledger, and the schemas of the engine and of the
 * application.
 */
final class DatabaseRoles {
  /** The role that owns the tables. It has no login. */
  static final String OWNER = "rowlock_owner";

  private static final int MIN_POSTGRESQL = 18;

  private static final String OWNER_MAY_CREATE =
      "select has_schema_privilege('rowlock_owner', ?, 'CREATE')";

  private static final Logger log = LoggerFactory.getLogger(DatabaseRoles.class);

  private final DatabaseSettings settings;
  private final DatabaseConnections connections;

  DatabaseRoles(DatabaseSettings settings, DatabaseConnections connections) {
    this.settings = settings;
    this.connections = connections;
  }

  /**
   * @throws InvalidSettingException if the database cannot be reached, is too old, or lacks
   *     something that the migration login may not create
   */
  void prepare() {
    try {
      DatabasePreparation.run(
          connections.migration(null), "ROWLOCK_DB_MIGRATION_USER", this::prepare);
    } catch (SQLException e) {
      throw connections.refusedMigration(e);
    }
  }

  private void prepare(DatabasePreparation database) throws SQLException {
    if (DatabaseServer.isPooled(database.connection())) {
      throw ConnectionPooler.refusedMigration();
    }
    DatabaseConnections.requirePrimary(database.connection());
    requireServer(database);
    if (!database.hasRole(OWNER)) {
      database.require("create role " + OWNER + " nologin");
      log.info("Created the role {}, which owns the tables", OWNER);
    }
    if (!database.is("select pg_has_role(current_user, ?::name, 'SET')", OWNER)) {
      database.require(
          "grant %s to %s with inherit false, set true"
              .formatted(OWNER, DatabasePreparation.quoted(settings.migrationUser())));
    }
    if (!ownsSchema(database, DatabaseMigration.SCHEMA)) {
      throw new InvalidSettingException(
          "ROWLOCK_DB_URL",
          "names a database whose schema %s belongs to something else. Use an empty database."
              .formatted(DatabaseMigration.SCHEMA));
    }
    var schema = settings.schema();
    if (!ownsSchema(database, schema) && !database.is(OWNER_MAY_CREATE, schema)) {
      database.require(
          "grant usage, create on schema %s to %s"
              .formatted(DatabasePreparation.quoted(schema), OWNER));
    }
    database.createLogin(connections.applicationLogin(), RowSecurityGuard.LIMITS);
    database.createLogin(connections.ledgerLogin(), RowSecurityGuard.LEDGER_LIMITS);
    database.restrictDatabase(List.of(settings.user(), settings.ledgerUser()));
  }

  /** Returns whether the schema belongs to {@link #OWNER}. Creates it if it is missing. */
  private static boolean ownsSchema(DatabasePreparation database, String schema)
      throws SQLException {
    if (!database.is("select exists (select from pg_namespace where nspname = ?)", schema)) {
      database.require(
          "create schema %s authorization %s".formatted(DatabasePreparation.quoted(schema), OWNER));
    }
    return database.is(
        "select pg_get_userbyid(nspowner) = 'rowlock_owner' from pg_namespace where nspname = ?",
        schema);
  }

  private static void requireServer(DatabasePreparation database) throws SQLException {
    var version = database.connection().getMetaData().getDatabaseMajorVersion();
    if (version < MIN_POSTGRESQL) {
      throw new InvalidSettingException(
          "ROWLOCK_DB_URL",
          "names a PostgreSQL %d. It must be %d or newer.".formatted(version, MIN_POSTGRESQL));
    }
    if (!database.is("select current_setting('server_encoding') = ?", "UTF8")) {
      throw new InvalidSettingException(
          "ROWLOCK_DB_URL", "names a database whose encoding is not UTF8.");
    }
  }
}
