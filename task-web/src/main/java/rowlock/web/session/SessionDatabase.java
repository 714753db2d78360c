/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.postgresql.PGProperty;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import rowlock.database.DatabaseLogin;
import rowlock.database.DatabaseServer;
import rowlock.settings.InvalidSettingException;
import rowlock.web.settings.DatabaseSettings;

/**
 * Connection pools: one for requests, which hold a connection briefly, and one for refreshes, which
 * hold theirs during the request to the issuer. A slow issuer therefore does not block requests
 * that need no refresh.
 */
@Component
final class SessionDatabase implements DisposableBean {
  static final String URL = "ROWLOCK_WEB_DB_URL";
  private static final int REFRESH_POOL_SIZE = 8;
  private static final int TIMEOUT_MILLIS = 1_500;
  private static final int REFRESH_TIMEOUT_MILLIS = 5_000;

  private final DatabaseSettings settings;
  private final HikariDataSource sessions;
  private final HikariDataSource refreshes;

  SessionDatabase(DatabaseSettings settings, MeterRegistry meters) {
    this.settings = settings;
    SessionMigration.run(settings);
    this.sessions = pool("sessions", settings.poolSize(), TIMEOUT_MILLIS, meters);
    this.refreshes = pool("refreshes", REFRESH_POOL_SIZE, REFRESH_TIMEOUT_MILLIS, meters);
  }

  /** Returns the pool for requests. */
  DataSource connections() {
    return sessions;
  }

  JdbcClient sessions() {
    return JdbcClient.create(sessions);
  }

  /** Returns the pool for refreshes. */
  DataSource refreshConnections() {
    return refreshes;
  }

  TransactionTemplate refreshTransactions() {
    return new TransactionTemplate(new JdbcTransactionManager(refreshes));
  }

  private HikariDataSource pool(String name, int size, int waitMillis, MeterRegistry meters) {
    var config = new HikariConfig();
    config.setPoolName(name);
    config.setJdbcUrl(settings.url());
    config.setUsername(settings.user());
    config.setPassword(settings.password());
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(waitMillis);
    config.setValidationTimeout(1_000);
    config.setMetricRegistry(meters);
    config.addDataSourceProperty(PGProperty.APPLICATION_NAME.getName(), "task-web " + name);
    config.addDataSourceProperty(PGProperty.CONNECT_TIMEOUT.getName(), "2");
    // longer than lock_timeout
    config.addDataSourceProperty(PGProperty.SOCKET_TIMEOUT.getName(), "20");
    config.addDataSourceProperty(PGProperty.TCP_KEEP_ALIVE.getName(), "true");
    // the data of a standby may lag: an ended session would be live there
    config.addDataSourceProperty(PGProperty.TARGET_SERVER_TYPE.getName(), "primary");
    config.addDataSourceProperty(PGProperty.PREPARE_THRESHOLD.getName(), "1");
    config.addDataSourceProperty(
        PGProperty.OPTIONS.getName(),
        "-c statement_timeout=15s -c lock_timeout=13s -c idle_in_transaction_session_timeout=20s");
    try {
      return new HikariDataSource(config);
    } catch (PoolInitializationException e) {
      if (e.getCause() instanceof SQLException cause) {
        throw refused(cause, login(settings));
      }
      throw e;
    }
  }

  /** Returns the login of the application. */
  static DatabaseLogin login(DatabaseSettings settings) {
    return new DatabaseLogin(
        settings.user(),
        "ROWLOCK_WEB_DB_USER",
        settings.password(),
        "ROWLOCK_WEB_DB_PASSWORD",
        URL);
  }

  /** Returns the setting to change if a login cannot connect. */
  static InvalidSettingException refused(SQLException failure, DatabaseLogin login) {
    return DatabaseServer.PROTOCOL_VIOLATION.equals(failure.getSQLState())
        ? pooler()
        : login.refused(failure);
  }

  /** Returns the exception for a connection pooler in front of the server. */
  static InvalidSettingException pooler() {
    return new InvalidSettingException(
        URL,
        "names a connection pooler, which is not supported: database sessions must not be shared."
            + " Set it to the address of PostgreSQL, and reduce ROWLOCK_WEB_DB_POOL_SIZE if"
            + " necessary.");
  }

  @Override
  public void destroy() {
    refreshes.close();
    sessions.close();
  }
}
