/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import rowlock.api.settings.DatabaseSettings;
import rowlock.database.DatabaseLogin;
import rowlock.database.DatabaseServer;
import rowlock.settings.InvalidSettingException;

/** Opens connections for the three logins, and reports in one line why one cannot be opened. */
final class DatabaseConnections {
  static final String URL = "ROWLOCK_DB_URL";

  /** Milliseconds that a request waits for a connection before it is answered 503. */
  static final int WAIT_MILLIS = 1_500;

  // Longer than the statement timeout of the server: only a lost connection takes that long.
  private static final int SOCKET_TIMEOUT_SECONDS = 10;

  // Events are written one at a time; an erasure may take long.
  private static final int LEDGER_CONNECTIONS = 4;
  private static final int LEDGER_SOCKET_TIMEOUT_SECONDS = 40;

  // These parameters control statements and timeouts and are not allowed in the URL: with some of
  // them a statement would lose rowlock.enter and see no rows.
  private static final List<PGProperty> NOT_IN_URL =
      List.of(
          PGProperty.USER,
          PGProperty.PASSWORD,
          PGProperty.SERVICE,
          PGProperty.OPTIONS,
          PGProperty.PREFER_QUERY_MODE,
          PGProperty.PREPARE_THRESHOLD,
          PGProperty.STRING_TYPE,
          PGProperty.CONNECT_TIMEOUT,
          PGProperty.SOCKET_TIMEOUT);

  private static final Logger log = LoggerFactory.getLogger(DatabaseConnections.class);

  private final DatabaseSettings settings;

  DatabaseConnections(DatabaseSettings settings) {
    this.settings = settings;
    requirePlain(URL, settings.url());
    requirePlain("ROWLOCK_DB_MIGRATION_URL", settings.migrationUrl());
  }

  private static void requirePlain(String variable, String url) {
    for (var property : NOT_IN_URL) {
      if (url.matches(".*[?&]" + property.getName() + "=.*")) {
        throw new InvalidSettingException(
            variable, "must not carry the parameter " + property.getName() + ".");
      }
    }
  }

  /**
   * Returns unpooled connections of the login that migrates.
   *
   * @param role the role to assume; null for the login itself
   */
  DataSource migration(@Nullable String role) {
    var properties = new Properties();
    PGProperty.USER.set(properties, settings.migrationUser());
    PGProperty.PASSWORD.set(properties, settings.migrationPassword());
    PGProperty.APPLICATION_NAME.set(properties, "rowlock migration");
    PGProperty.CONNECT_TIMEOUT.set(properties, 5);
    if (role != null) {
      PGProperty.OPTIONS.set(properties, "-c role=" + role);
    }
    return new SimpleDriverDataSource(new Driver(), settings.migrationUrl(), properties);
  }

  /** Returns the pool of the login that serves requests. */
  HikariDataSource application(MeterRegistry meters) {
    var config = new HikariConfig();
    config.setPoolName("application");
    config.setMaximumPoolSize(settings.poolSize());
    var properties = new Properties();
    PGProperty.SOCKET_TIMEOUT.set(properties, SOCKET_TIMEOUT_SECONDS);
    return open(config, properties, meters, applicationLogin());
  }

  /** Returns the pool of the login that writes the revocation ledger. */
  HikariDataSource ledger(MeterRegistry meters) {
    var config = new HikariConfig();
    config.setPoolName("ledger");
    config.setMaximumPoolSize(LEDGER_CONNECTIONS);
    config.setMinimumIdle(1);
    var properties = new Properties();
    PGProperty.SOCKET_TIMEOUT.set(properties, LEDGER_SOCKET_TIMEOUT_SECONDS);
    return open(config, properties, meters, ledgerLogin());
  }

  /** Returns the login that serves requests. */
  DatabaseLogin applicationLogin() {
    return new DatabaseLogin(
        settings.user(), "ROWLOCK_DB_USER", settings.password(), "ROWLOCK_DB_PASSWORD", URL);
  }

  /** Returns the login that writes the revocation ledger. */
  DatabaseLogin ledgerLogin() {
    return new DatabaseLogin(
        settings.ledgerUser(),
        "ROWLOCK_DB_LEDGER_USER",
        settings.ledgerPassword(),
        "ROWLOCK_DB_LEDGER_PASSWORD",
        URL);
  }

  private HikariDataSource open(
      HikariConfig config, Properties properties, MeterRegistry meters, DatabaseLogin login) {
    PGProperty.USER.set(properties, login.user());
    PGProperty.PASSWORD.set(properties, login.password());
    PGProperty.APPLICATION_NAME.set(properties, "rowlock");
    PGProperty.CONNECT_TIMEOUT.set(properties, 2);
    PGProperty.TCP_KEEP_ALIVE.set(properties, true);
    config.setConnectionTimeout(WAIT_MILLIS);
    config.setValidationTimeout(WAIT_MILLIS - 500);
    config.setMetricRegistry(meters);
    try {
      // There are few different statements, each worth a server-side plan from its first use. A
      // named statement belongs to one server connection, which a pooler exchanges.
      PGProperty.PREPARE_THRESHOLD.set(
          properties, isPooled(config.getPoolName(), properties) ? 0 : 1);
      config.setDataSource(new PrimaryDataSource(settings.url(), properties));
      return new HikariDataSource(config);
    } catch (SQLException e) {
      throw refused(e, login);
    } catch (PoolInitializationException e) {
      if (e.getCause() instanceof SQLException cause) {
        throw refused(cause, login);
      }
      throw e;
    }
  }

  /**
   * Returns whether a connection pooler answers for the server.
   *
   * @throws InvalidSettingException if the server is a standby
   * @throws SQLException if the pooler cannot be used, among others
   */
  private boolean isPooled(String pool, Properties properties) throws SQLException {
    var unprepared = new Properties();
    unprepared.putAll(properties);
    PGProperty.PREPARE_THRESHOLD.set(unprepared, 0);
    try (var connection =
        new SimpleDriverDataSource(new Driver(), settings.url(), unprepared).getConnection()) {
      requirePrimary(connection);
      var pooled = DatabaseServer.isPooled(connection);
      if (pooled) {
        ConnectionPooler.requireTransactions(connection);
        log.info(
            "A connection pooler answers at ROWLOCK_DB_URL: the pool {} prepares no statements on the"
                + " server",
            pool);
      }
      return pooled;
    }
  }

  /**
   * @throws InvalidSettingException if the server is a standby
   */
  static void requirePrimary(Connection connection) throws SQLException {
    if (DatabaseServer.isStandby(connection)) {
      throw new InvalidSettingException(
          "ROWLOCK_DB_URL",
          "names a standby, which may lack the newest revocations. Name the primary, or all"
              + " servers with the parameter targetServerType=primary.");
    }
  }

  /** Returns the setting that explains why the migration login cannot connect. */
  InvalidSettingException refusedMigration(SQLException failure) {
    if (DatabaseServer.PROTOCOL_VIOLATION.equals(failure.getSQLState())) {
      return ConnectionPooler.refusedMigration();
    }
    return new DatabaseLogin(
            settings.migrationUser(),
            "ROWLOCK_DB_MIGRATION_USER",
            settings.migrationPassword(),
            "ROWLOCK_DB_MIGRATION_PASSWORD",
            URL)
        .refused(failure);
  }

  private static InvalidSettingException refused(SQLException failure, DatabaseLogin login) {
    return DatabaseServer.PROTOCOL_VIOLATION.equals(failure.getSQLState())
        ? ConnectionPooler.refused(failure)
        : login.refused(failure);
  }
}
