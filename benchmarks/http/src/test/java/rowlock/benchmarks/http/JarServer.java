/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.benchmarks.http;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.awaitility.core.ConditionTimeoutException;
import rowlock.api.test.TestDatabase;
import rowlock.api.test.TestIssuer;
import rowlock.local.testing.TestServers;

/** Runs an executable jar of an API of tasks as a process, with its own database. */
final class JarServer implements AutoCloseable {
  private static final Duration MAX_START = Duration.ofMinutes(2);
  private static final int OWNERS_PER_STATEMENT = 1000;

  private final String name;
  private final int port;
  private final TestDatabase database;
  private final Path log;
  private final Process process;

  JarServer(Path jar, TestIssuer issuer) {
    this.name = jar.toString();
    this.database = TestDatabase.create();
    this.port = TestServers.freePort();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // the collector that the JVM chooses in a container with 512 MiB, such as those of the images
    command.addAll(
        List.of("-Xmx512m", "-XX:+UseSerialGC", "-jar", jar.toAbsolutePath().toString()));
    database.settings().forEach((setting, value) -> command.add("--" + setting + "=" + value));
    command.add("--rowlock.issuer=" + issuer.url());
    command.add("--rowlock.api.port=" + port);
    command.add("--rowlock.api.management.port=" + TestServers.freePort());
    command.add("--rowlock.failed.authentications.per.minute=1000000");
    try {
      this.log = Files.createTempFile("server", ".log");
      var builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      builder.environment().keySet().removeIf(variable -> variable.startsWith("ROWLOCK_"));
      this.process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String name() {
    return name;
  }

  URI uri(String path) {
    return URI.create("http://localhost:" + port + path);
  }

  /** Returns when the server answers requests. */
  void awaitStart() {
    try {
      await().atMost(MAX_START).until(() -> !process.isAlive() || answers());
    } catch (ConditionTimeoutException e) {
      throw new IllegalStateException("Starting " + name + " failed: " + output(), e);
    }
    if (!process.isAlive()) {
      throw new IllegalStateException(name + " ended unexpectedly: " + output());
    }
  }

  private boolean answers() {
    try (var connection = new Socket("localhost", port)) {
      return connection.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private String output() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
    return ProcessCpu.millis(process.toHandle());
  }

  /** Returns the resident memory of the server, in MiB (proc(5)). */
  long residentMebibytes() {
    try (var lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
      return lines
              .filter(line -> line.startsWith("VmRSS:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
              .sum()
          / 1024;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
    process.destroy();
    process.onExit().join();
    try {
      Files.delete(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
