/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import rowlock.api.settings.DatabaseSettings;
import rowlock.local.postgres.PostgresServer;
import rowlock.local.testing.TestServers;

/** A new database of the shared server, migrated, and its application login. */
public final class MigratedDatabase implements AutoCloseable {

  private final DatabaseSettings settings;
  private final ApplicationPool pool;
  private @Nullable LedgerDatabase ledger;

  MigratedDatabase(DatabaseSettings settings) {
    this.settings = settings;
    this.pool = ApplicationPool.open(settings, new SimpleMeterRegistry());
  }

  public static MigratedDatabase create() {
    return create(8);
  }

  public static MigratedDatabase create(int poolSize) {
    return new MigratedDatabase(newSettings(TestServers.postgres(), poolSize));
  }

  /** The same database at another address, such as that of a proxy. */
  public MigratedDatabase at(String url, int poolSize) {
    return new MigratedDatabase(
        new DatabaseSettings(
                url,
                settings.user(),
                settings.password(),
                settings.migrationUser(),
                settings.migrationPassword(),
                poolSize)
            .withSchema(settings.schema()));
  }

  /** An empty database and the name of a login that is not there yet. */
  static DatabaseSettings newSettings(PostgresServer server, int poolSize) {
    String name = "engine_" + UUID.randomUUID().toString().substring(0, 8);
    server.createDatabase(name);
    return new DatabaseSettings(
            server.jdbcUrl(name),
            name + "_app",
            "quote ' and \" in it",
            server.superuser(),
            server.superuserPassword(),
            poolSize)
        .withSchema("probe");
  }

  public DatabaseSettings settings() {
    return settings;
  }

  /** What the domain sees. */
  public DataSource dataSource() {
    return new OwnerScopedDataSource(pool.connections());
  }

  /** What the domain sees, with somebody between it and the driver who changes statements. */
  public DataSource dataSource(UnaryOperator<String> mutation) {
    return new OwnerScopedDataSource(new MutatingDataSource(pool.connections(), mutation));
  }

  /** What the receiver of events sees. */
  public synchronized LedgerDatabase ledger() {
    LedgerDatabase open = ledger;
    if (open == null) {
      open = LedgerDatabase.open(settings, new SimpleMeterRegistry());
      ledger = open;
    }
    return open;
  }

  /** Connections of the application login without an owner. */
  public DataSource bare() {
    return pool.connections();
  }

  /** Runs statements as the superuser, past all row security. */
  public void asSuperuser(String... statements) {
    asSuperuser(settings, statements);
  }

  /** Runs statements as the superuser of a database that the API has opened itself. */
  public static void asSuperuser(DatabaseSettings settings, String... statements) {
    try (Connection connection =
            DriverManager.getConnection(
                settings.url(), settings.migrationUser(), settings.migrationPassword());
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public synchronized void close() {
    if (ledger != null) {
      ledger.close();
    }
    pool.close();
  }
}
