/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.test;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import rowlock.local.postgres.PostgresServer;
import rowlock.local.testing.TestServers;

/**
 * A new, empty database and the logins of an application on it. The application's migration creates
 * the login {@link #user()}. The database is removed with its server.
 *
 * @param server the server that has the database
 * @param name the database's name
 * @param user the name of the application's login
 * @param password the password of the application's login; it contains characters that SQL quotes
 */
public record TestDatabase(PostgresServer server, String name, String user, String password) {

  private static final String PASSWORD = "quote ' and \" in it";

  /** Creates a database on the PostgreSQL that all tests of this JVM share. */
  public static TestDatabase create() {
    return create(TestServers.postgres());
  }

  /** Creates a database on a server of the test's own, for example one that the test stops. */
  public static TestDatabase create(PostgresServer server) {
    var name = "test_" + UUID.randomUUID().toString().replace("-", "");
    server.createDatabase(name);
    return new TestDatabase(server, name, name + "_app", PASSWORD);
  }

  /** Returns the JDBC URL, without credentials. */
  public String url() {
    return server.jdbcUrl(name);
  }

  /** Returns the name of the login that migrates the database. */
  public String migrationUser() {
    return server.superuser();
  }

  /** Returns the password of the login that migrates the database. */
  public String migrationPassword() {
    return server.superuserPassword();
  }

  /** Returns the settings of an application on this database, by name. */
  public Map<String, String> settings() {
    return Map.of(
        "rowlock.db.url", url(),
        "rowlock.db.user", user,
        "rowlock.db.password", password,
        "rowlock.db.migration.user", migrationUser(),
        "rowlock.db.migration.password", migrationPassword());
  }

  /** Opens a connection as the superuser, whom row security does not restrict. */
  public Connection connect() throws SQLException {
    return server.connect(name);
  }

  /** Returns connections of the superuser, whom row security does not restrict. */
  public DataSource superuserDataSource() {
    return new DriverManagerDataSource(url(), migrationUser(), migrationPassword());
  }

  /**
   * Runs statements as the superuser, whom row security does not restrict.
   *
   * @throws IllegalStateException if a statement fails
   */
  public void asSuperuser(String... statements) {
    try (var connection = connect();
        var statement = connection.createStatement()) {
      for (var sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the name only; omits the password. */
  @Override
  public String toString() {
    return "TestDatabase[" + name + "]";
  }
}
