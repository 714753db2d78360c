/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rowlock.api.settings.DatabaseSettings;
import rowlock.database.DatabaseServer;
import rowlock.settings.InvalidSettingException;

/**
 * Makes what has to be there before the first migration: the role that owns the tables and cannot
 * log in, the logins that serve requests and write the ledger, and the schemas of the engine and of
 * the application. What is there already stays as it is; what the migration login may not make is
 * asked for, with the SQL to run.
 */
final class DatabaseRoles {

  /** The role that owns the tables. Nobody can log in as it. */
  static final String OWNER = "rowlock_owner";

  private static final int OLDEST_POSTGRESQL = 18;

  // Another process made the same role in the same moment: roles belong to all databases at once.
  private static final Set<String> LOST_RACE = Set.of("42710", "23505", "XX000");
  private static final int ATTEMPTS = 3;

  private static final String MAY_CONNECT =
      "select has_database_privilege(?::name, current_database(), 'CONNECT')";

  private static final String OWNER_MAY_CREATE =
      "select has_schema_privilege('rowlock_owner', ?, 'CREATE')";

  private static final String PUBLIC_MAY =
      "select has_database_privilege('public', current_database(), ?)";

  private static final Logger log = LoggerFactory.getLogger(DatabaseRoles.class);

  private final DatabaseSettings settings;
  private final DatabaseConnections connections;

  DatabaseRoles(DatabaseSettings settings, DatabaseConnections connections) {
    this.settings = settings;
    this.connections = connections;
  }

  /**
   * @throws InvalidSettingException when the database cannot be reached, is too old, or lacks
   *     something that the migration login may not make
   */
  void prepare() {
    for (int attempt = 1; ; attempt++) {
      try (Connection connection = connections.migration(null).getConnection()) {
        if (DatabaseServer.isPooled(connection)) {
          throw ConnectionPooler.refusedMigration();
        }
        DatabaseConnections.requirePrimary(connection);
        connection.setAutoCommit(false);
        prepare(connection);
        connection.commit();
        return;
      } catch (SQLException failed) {
        if (attempt == ATTEMPTS || !LOST_RACE.contains(String.valueOf(failed.getSQLState()))) {
          throw connections.refusedMigration(failed);
        }
      }
    }
  }

  private void prepare(Connection connection) throws SQLException {
    // Two replicas that start together take turns; the lock ends with the transaction.
    run(connection, "select pg_advisory_xact_lock(hashtext('rowlock roles'))");
    requireServer(connection);
    if (!is(connection, "select exists (select from pg_roles where rolname = ?)", OWNER)) {
      orAsk(connection, "create role " + OWNER + " nologin");
      log.info("Made the role {}, which owns the tables", OWNER);
    }
    if (!is(connection, "select pg_has_role(current_user, ?::name, 'SET')", OWNER)) {
      orAsk(
          connection,
          "grant %s to %s with inherit false, set true"
              .formatted(OWNER, quoted(settings.migrationUser())));
    }
    if (!ownsSchema(connection, DatabaseMigration.SCHEMA)) {
      throw new InvalidSettingException(
          "ROWLOCK_DB_URL",
          "names a database whose schema %s belongs to something else. Use an empty database."
              .formatted(DatabaseMigration.SCHEMA));
    }
    String schema = settings.schema();
    if (!ownsSchema(connection, schema) && !is(connection, OWNER_MAY_CREATE, schema)) {
      orAsk(connection, "grant usage, create on schema %s to %s".formatted(quoted(schema), OWNER));
    }
    login(
        connection,
        settings.user(),
        settings.password(),
        "ROWLOCK_DB_PASSWORD",
        RowSecurityGuard.LIMITS);
    login(
        connection,
        settings.ledgerUser(),
        settings.ledgerPassword(),
        "ROWLOCK_DB_LEDGER_PASSWORD",
        RowSecurityGuard.LEDGER_LIMITS);
    restrictDatabase(connection);
  }

  /**
   * Grants the two logins CONNECT, and revokes from PUBLIC what PostgreSQL grants by default:
   * TEMPORARY always, CONNECT not, because logins for backup or monitoring may depend on it. A
   * statement that lacks the right may succeed with a warning, so the result is checked.
   */
  private void restrictDatabase(Connection connection) throws SQLException {
    String database = quoted(String.valueOf(connection.getCatalog()));
    if (is(connection, PUBLIC_MAY, "CONNECT")) {
      log.warn(
          "Every login of the server may connect to the database {}. Grant connect to those that"
              + " need it, then run: revoke connect on database {} from public;",
          database,
          database);
    }
    for (String login : List.of(settings.user(), settings.ledgerUser())) {
      if (!is(connection, MAY_CONNECT, login)) {
        String grant = "grant connect on database %s to %s".formatted(database, quoted(login));
        orAsk(connection, grant);
        if (!is(connection, MAY_CONNECT, login)) {
          throw lacksRight(grant);
        }
      }
    }
    if (is(connection, PUBLIC_MAY, "TEMPORARY")) {
      String revoke = "revoke temporary on database %s from public".formatted(database);
      orAsk(connection, revoke);
      if (is(connection, PUBLIC_MAY, "TEMPORARY")) {
        throw lacksRight(revoke);
      }
    }
  }

  /** Returns whether the schema belongs to {@link #OWNER}. Creates it if it is missing. */
  private static boolean ownsSchema(Connection connection, String schema) throws SQLException {
    if (!is(connection, "select exists (select from pg_namespace where nspname = ?)", schema)) {
      orAsk(connection, "create schema %s authorization %s".formatted(quoted(schema), OWNER));
    }
    return is(
        connection,
        "select pg_get_userbyid(nspowner) = 'rowlock_owner' from pg_namespace where nspname = ?",
        schema);
  }

  private static void login(
      Connection connection, String name, String password, String variable, List<String> limits)
      throws SQLException {
    String login = quoted(name);
    if (is(connection, "select exists (select from pg_roles where rolname = ?)", name)) {
      return;
    }
    orAsk(
        connection,
        "create role " + login + " login",
        "create role %s login password '<%s>'".formatted(login, variable));
    // The driver sends the SCRAM verifier, so that no server log can show the password.
    connection
        .unwrap(PGConnection.class)
        .alterUserPassword(name, password.toCharArray(), "scram-sha-256");
    for (String limit : limits) {
      run(connection, "alter role %s set %s".formatted(login, limit));
    }
    log.info("Made the login {}", name);
  }

  private static void requireServer(Connection connection) throws SQLException {
    int version = connection.getMetaData().getDatabaseMajorVersion();
    if (version < OLDEST_POSTGRESQL) {
      throw new InvalidSettingException(
          "ROWLOCK_DB_URL",
          "names a PostgreSQL %d. It must be %d or newer.".formatted(version, OLDEST_POSTGRESQL));
    }
    if (!is(connection, "select current_setting('server_encoding') = ?", "UTF8")) {
      throw new InvalidSettingException(
          "ROWLOCK_DB_URL", "names a database whose encoding is not UTF8.");
    }
  }

  private static void orAsk(Connection connection, String sql) throws SQLException {
    orAsk(connection, sql, sql);
  }

  /** Runs the statement, or says what somebody with more rights has to run. */
  private static void orAsk(Connection connection, String sql, String ask) throws SQLException {
    try {
      run(connection, sql);
    } catch (SQLException failed) {
      if ("42501".equals(failed.getSQLState())) {
        throw lacksRight(ask);
      }
      throw failed;
    }
  }

  private static InvalidSettingException lacksRight(String ask) {
    return new InvalidSettingException(
        "ROWLOCK_DB_MIGRATION_USER",
        "names a login that may not prepare the database. Run as a superuser: " + ask + ";");
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static boolean is(Connection connection, String question, String parameter)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(question)) {
      statement.setString(1, parameter);
      try (ResultSet answer = statement.executeQuery()) {
        return answer.next() && answer.getBoolean(1);
      }
    }
  }

  /** The name as an SQL identifier. */
  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
