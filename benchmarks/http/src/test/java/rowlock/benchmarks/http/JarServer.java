/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.benchmarks.http;

import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import rowlock.api.test.TestDatabase;
import rowlock.api.test.TestIssuer;
import rowlock.local.testing.TestServers;

/** Runs an executable jar of an API of tasks as a process, with its own database. */
final class JarServer implements AutoCloseable {
  private static final int OWNERS_PER_STATEMENT = 1000;

  private final TestDatabase database;
  private final ServerProcess process;

  JarServer(Path jar, TestIssuer issuer) {
    this.database = TestDatabase.create();
    this.process = start(jar, List.of(), issuer, database, TestServers.freePort());
  }

  /**
   * Starts a jar of an API of tasks with a database.
   *
   * @param options further options of the JVM
   * @param managementPort port of its health
   */
  static ServerProcess start(
      Path jar,
      List<String> options,
      TestIssuer issuer,
      TestDatabase database,
      int managementPort) {
    var port = TestServers.freePort();
    Map<String, String> settings = new LinkedHashMap<>(database.settings());
    settings.put("rowlock.issuer", issuer.url());
    settings.put("rowlock.api.port", Integer.toString(port));
    settings.put("rowlock.api.management.port", Integer.toString(managementPort));
    settings.put("rowlock.failed.authentications.per.minute", "1000000");
    return ServerProcess.start(jar, port, options, settings);
  }

  String name() {
    return process.name();
  }

  URI uri(String path) {
    return URI.create("http://localhost:" + process.port() + path);
  }

  /** Returns when the server answers requests. */
  void awaitStart() {
    process.awaitStart();
  }

  /** Inserts tasks for these owners. */
  void fill(List<UUID> owners, int tasks) {
    try (var connection = database.connect();
        var insert =
            connection.prepareStatement(
                "insert into api.task (owner_id, title, description)"
                    + " select owner, 'Task ' || i, 'What has to be done'"
                    + " from unnest(?::uuid[]) owner, generate_series(1, ?) i");
        var statement = connection.createStatement()) {
      for (var from = 0; from < owners.size(); from += OWNERS_PER_STATEMENT) {
        var some = owners.subList(from, Math.min(from + OWNERS_PER_STATEMENT, owners.size()));
        insert.setArray(1, connection.createArrayOf("uuid", some.toArray()));
        insert.setInt(2, tasks);
        insert.execute();
      }
      statement.execute("vacuum analyze api.task");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Inserts revoked sessions into the ledger, if the server has one. */
  void revoke(int sessions) {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      statement.execute(
          """
          do $$ begin
            if to_regclass('rowlock.revoked_session') is not null then
              insert into rowlock.revoked_session (sid, expires_at)
              select gen_random_uuid(), now() + interval '1 day' from generate_series(1, %d);
            end if;
          end $$;
          """
              .formatted(sessions));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the id of the first task of each owner. */
  List<UUID> firstTasks(List<UUID> owners) {
    try (var connection = database.connect();
        var select =
            connection.prepareStatement(
                "select id from api.task where owner_id = ? order by id limit 1")) {
      List<UUID> ids = new ArrayList<>();
      for (var owner : owners) {
        select.setObject(1, owner);
        try (var row = select.executeQuery()) {
          row.next();
          ids.add(row.getObject(1, UUID.class));
        }
      }
      return ids;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the CPU time of the server until now, in milliseconds. */
  long serverMillis() {
    return process.cpuMillis();
  }

  /** Returns the resident memory of the server, in MiB (proc(5)). */
  long residentMebibytes() {
    return process.residentMebibytes();
  }

  /** Returns the CPU time of the database server, which all servers share, in milliseconds. */
  long databaseMillis() {
    try (var connection = database.connect();
        var statement = connection.createStatement();
        var row = statement.executeQuery("select pg_backend_pid()")) {
      row.next();
      return ProcessHandle.of(row.getLong(1))
          .flatMap(ProcessHandle::parent)
          .map(ProcessCpu::millis)
          .orElseThrow(() -> new IllegalStateException("PostgreSQL must run on this machine."));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
