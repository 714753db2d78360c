/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import rowlock.api.settings.DatabaseSettings;
import rowlock.api.test.MutatingDataSource;
import rowlock.api.test.TestDatabase;

/** A {@link TestDatabase} that is migrated, and the connections that the engine opens to it. */
public final class MigratedDatabase implements AutoCloseable {
  private final TestDatabase database;
  private final DatabaseSettings settings;
  private final ApplicationPool pool;
  private @Nullable LedgerDatabase ledger;

  private MigratedDatabase(TestDatabase database, DatabaseSettings settings) {
    this.database = database;
    this.settings = settings;
    this.pool = ApplicationPool.open(settings, new SimpleMeterRegistry());
  }

  public static MigratedDatabase create() {
    return create(8);
  }

  public static MigratedDatabase create(int poolSize) {
    return open(TestDatabase.create(), poolSize);
  }

  /** Migrates a database. */
  static MigratedDatabase open(TestDatabase database, int poolSize) {
    return open(database, settings(database, poolSize));
  }

  /** Migrates a database with settings that name it in another way. */
  static MigratedDatabase open(TestDatabase database, DatabaseSettings settings) {
    return new MigratedDatabase(database, settings);
  }

  /** Returns the settings of the application on a database, which need not be migrated yet. */
  static DatabaseSettings settings(TestDatabase database, int poolSize) {
    return settings(database, database.url(), poolSize);
  }

  private static DatabaseSettings settings(TestDatabase database, String url, int poolSize) {
    return new DatabaseSettings(
            url,
            database.user(),
            database.password(),
            database.migrationUser(),
            database.migrationPassword(),
            poolSize)
        .withSchema("probe");
  }

  /** Opens the same database at another address, such as that of a proxy. */
  public MigratedDatabase at(String url, int poolSize) {
    return new MigratedDatabase(database, settings(database, url, poolSize));
  }

  /** Returns the name of the database. */
  String name() {
    return database.name();
  }

  public DatabaseSettings settings() {
    return settings;
  }

  /** Returns the data source of the application. */
  public DataSource dataSource() {
    return pool.rows();
  }

  /** Returns the data source of the application with changed statements. */
  public DataSource dataSource(UnaryOperator<String> mutation) {
    var mutated = new MutatingDataSource(pool.connections(), mutation);
    return new OwnerScopedDataSource(
        mutated,
        new ConnectionQueue(
            mutated,
            "mutated",
            settings.poolSize(),
            ConnectionQueue.MAX_WAIT,
            new SimpleMeterRegistry()));
  }

  /** Returns the connections of the event receiver. */
  public synchronized LedgerDatabase ledger() {
    var open = ledger;
    if (open == null) {
      open = LedgerDatabase.open(settings, new SimpleMeterRegistry());
      ledger = open;
    }
    return open;
  }

  /** Returns connections of the application login without an owner. */
  public DataSource bare() {
    return pool.connections();
  }

  /** Returns connections of the superuser, whom row security does not restrict. */
  public DataSource superuser() {
    return database.superuserDataSource();
  }

  /** Runs statements as the superuser, whom row security does not restrict. */
  public void asSuperuser(String... statements) {
    database.asSuperuser(statements);
  }

  @Override
  public synchronized void close() {
    if (ledger != null) {
      ledger.close();
    }
    pool.close();
  }
}
