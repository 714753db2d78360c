/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.jdbc.core.simple.JdbcClient;
import rowlock.api.settings.DatabaseSettings;

/**
 * The connections of the login that may only call the functions of the revocation ledger. It has no
 * privilege on any table, and the login of the application has none on these functions.
 */
public final class LedgerDatabase implements AutoCloseable {
  private final HikariDataSource connections;

  private LedgerDatabase(HikariDataSource connections) {
    this.connections = connections;
  }

  /**
   * Opens the pool and checks the login. The database must be migrated.
   *
   * @throws rowlock.api.settings.InvalidSettingException with one line that names the setting to
   *     change
   */
  static LedgerDatabase open(DatabaseSettings settings, MeterRegistry meters) {
    var connections = new DatabaseConnections(settings).ledger(meters);
    try {
      RowSecurityGuard.checkLedger(connections);
    } catch (RuntimeException e) {
      connections.close();
      throw e;
    }
    return new LedgerDatabase(connections);
  }

  /** Returns a client whose statements are each a transaction. */
  public JdbcClient statements() {
    return JdbcClient.create(connections);
  }

  @Override
  public void close() {
    connections.close();
  }
}
