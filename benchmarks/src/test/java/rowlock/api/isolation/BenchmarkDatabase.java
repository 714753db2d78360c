/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;
import rowlock.api.settings.DatabaseSettings;
import rowlock.local.testing.TestServers;

/** A new migrated database with one connection of the application's login. */
public final class BenchmarkDatabase implements AutoCloseable {
  private final String name;
  private final ApplicationPool pool;

  private BenchmarkDatabase(String name, ApplicationPool pool) {
    this.name = name;
    this.pool = pool;
  }

  /** Creates and migrates the database. */
  public static BenchmarkDatabase create() {
    var server = TestServers.postgres();
    var name = "tasks_" + UUID.randomUUID().toString().replace("-", "");
    server.createDatabase(name);
    var settings =
        new DatabaseSettings(
                server.jdbcUrl(name),
                name + "_app",
                UUID.randomUUID().toString(),
                server.superuser(),
                server.superuserPassword(),
                1)
            .withSchema("api");
    return new BenchmarkDatabase(name, ApplicationPool.open(settings, new SimpleMeterRegistry()));
  }

  /** Returns the data source that the domain uses. */
  public DataSource dataSource() {
    return pool.rows();
  }

  /** Returns the same connections without an owner in the session. */
  public DataSource bare() {
    return pool.connections();
  }

  /** Runs statements as the superuser, whom row security does not restrict. */
  public void asSuperuser(String... statements) {
    try (var connection = TestServers.postgres().connect(name);
        var statement = connection.createStatement()) {
      for (var sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
