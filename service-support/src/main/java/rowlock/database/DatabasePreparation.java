/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rowlock.settings.InvalidSettingException;

/**
 * Creates what a database needs before its first migration: roles, logins, and the privileges of
 * the database itself. What exists already is not changed. If the migration login lacks a right,
 * the start is refused with the statement that a superuser has to run.
 */
public final class DatabasePreparation {
  // Another process created the same role concurrently: roles belong to the whole server.
  private static final Set<String> LOST_RACE = Set.of("42710", "23505", "XX000");
  private static final int ATTEMPTS = 3;

  private static final Logger log = LoggerFactory.getLogger(DatabasePreparation.class);

  private final Connection connection;
  private final String migrationUserVariable;

  private DatabasePreparation(Connection connection, String migrationUserVariable) {
    this.connection = connection;
    this.migrationUserVariable = migrationUserVariable;
  }

  /** The steps of a preparation. */
  @FunctionalInterface
  public interface Steps {
    /** Runs in one transaction, and again if another process created the same role meanwhile. */
    void run(DatabasePreparation database) throws SQLException;
  }

  /**
   * Runs the steps in one transaction. Processes that start together take turns.
   *
   * @param migration connections of the login that migrates
   * @param migrationUserVariable the environment variable that names this login
   * @throws InvalidSettingException if the login lacks a right, with the statement to run
   * @throws SQLException if the database cannot be reached or a statement fails
   */
  public static void run(DataSource migration, String migrationUserVariable, Steps steps)
      throws SQLException {
    for (var attempt = 1; ; attempt++) {
      try (var connection = migration.getConnection()) {
        connection.setAutoCommit(false);
        var database = new DatabasePreparation(connection, migrationUserVariable);
        // the lock ends with the transaction
        database.execute("select pg_advisory_xact_lock(hashtext('rowlock roles'))");
        steps.run(database);
        connection.commit();
        return;
      } catch (SQLException e) {
        if (attempt == ATTEMPTS || !LOST_RACE.contains(String.valueOf(e.getSQLState()))) {
          throw e;
        }
      }
    }
  }

  /** Returns the connection of the transaction. */
  public Connection connection() {
    return connection;
  }

  /** Returns the boolean result of a query; false if it has no row. */
  public boolean is(String query, String... parameters) throws SQLException {
    try (var statement = connection.prepareStatement(query)) {
      for (var i = 0; i < parameters.length; i++) {
        statement.setString(i + 1, parameters[i]);
      }
      try (var row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  /** Runs a statement. */
  public void execute(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /**
   * Runs a statement.
   *
   * @throws InvalidSettingException if the migration login lacks the right to it
   */
  public void require(String sql) throws SQLException {
    require(sql, sql);
  }

  private void require(String sql, String asked) throws SQLException {
    try {
      execute(sql);
    } catch (SQLException e) {
      if ("42501".equals(e.getSQLState())) {
        throw lacksRight(asked);
      }
      throw e;
    }
  }

  /** Returns whether the role exists. */
  public boolean hasRole(String name) throws SQLException {
    return is("select exists (select from pg_roles where rolname = ?)", name);
  }

  /**
   * Creates a login if it is missing.
   *
   * @param parameters settings of its sessions, such as {@code statement_timeout = '2s'}
   */
  public void createLogin(DatabaseLogin login, List<String> parameters) throws SQLException {
    if (hasRole(login.user())) {
      return;
    }
    var create = "create role " + quoted(login.user()) + " login";
    require(create, create + " password '<" + login.passwordVariable() + ">'");
    // The driver sends the SCRAM verifier, so that no server log can show the password.
    connection
        .unwrap(PGConnection.class)
        .alterUserPassword(login.user(), login.password().toCharArray(), "scram-sha-256");
    for (var parameter : parameters) {
      execute("alter role %s set %s".formatted(quoted(login.user()), parameter));
    }
    log.info("Created the login {}", login.user());
  }

  /**
   * Grants the logins CONNECT, and revokes from PUBLIC what PostgreSQL grants by default: TEMPORARY
   * always, CONNECT not, because logins for backup or monitoring may depend on it. A statement that
   * lacks the right may succeed with a warning, so the result is checked.
   */
  public void restrictDatabase(List<String> logins) throws SQLException {
    var database = quoted(String.valueOf(connection.getCatalog()));
    if (may("public", "CONNECT")) {
      log.warn(
          "Every login of the server may connect to the database {}. Grant connect to those that"
              + " need it, then run: revoke connect on database {} from public;",
          database,
          database);
    }
    for (var login : logins) {
      if (!may(login, "CONNECT")) {
        var grant = "grant connect on database %s to %s".formatted(database, quoted(login));
        require(grant);
        if (!may(login, "CONNECT")) {
          throw lacksRight(grant);
        }
      }
    }
    if (may("public", "TEMPORARY")) {
      var revoke = "revoke temporary on database %s from public".formatted(database);
      require(revoke);
      if (may("public", "TEMPORARY")) {
        throw lacksRight(revoke);
      }
    }
  }

  private boolean may(String role, String privilege) throws SQLException {
    return is("select has_database_privilege(?::name, current_database(), ?)", role, privilege);
  }

  private InvalidSettingException lacksRight(String sql) {
    return new InvalidSettingException(
        migrationUserVariable,
        "names a login that may not prepare the database. Run as a superuser: " + sql + ";");
  }

  /** Returns a name as an SQL identifier. */
  public static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
