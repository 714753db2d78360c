/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.test;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import rowlock.local.postgres.PostgresServer;
import rowlock.local.testing.TestServers;

/** Runs the locally installed PgBouncer in front of a test PostgreSQL. */
public final class PgBouncer implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(20);

  /** The startup parameters that PgBouncer ignores in the configuration of docs/production.md. */
  private static final String PARAMETERS = "extra_float_digits";

  private final Process process;
  private final Path folder;
  private final int port;

  private PgBouncer(Process process, Path folder, int port) {
    this.process = process;
    this.folder = folder;
    this.port = port;
  }

  /** Starts PgBouncer in transaction mode, as configured in docs/production.md. */
  public static PgBouncer start(PostgresServer postgres, int serverConnections) {
    return start(postgres, "transaction", PARAMETERS, serverConnections);
  }

  /**
   * Starts PgBouncer. If it is not installed, the test is skipped with a message.
   *
   * @param ignored the startup parameters that it ignores
   * @param serverConnections the number of connections to PostgreSQL for each database and login
   */
  public static PgBouncer start(
      PostgresServer postgres, String mode, String ignored, int serverConnections) {
    try {
      requireProgram();
      var folder = Files.createTempDirectory("pgbouncer");
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      var port = TestServers.freePort();
      var users =
          Files.writeString(
              folder.resolve("users.txt"),
              "\"%s\" \"%s\"\n"
                  .formatted(
                      postgres.superuser(), postgres.superuserPassword().replace("\"", "\"\"")));
      var configuration =
          Files.writeString(
              folder.resolve("pgbouncer.ini"),
              """
              [databases]
              * = host=127.0.0.1 port=%d auth_user=%s
              [pgbouncer]
              listen_addr = 127.0.0.1
              listen_port = %d
              unix_socket_dir =
              auth_type = scram-sha-256
              auth_file = %s
              auth_query = select usename, passwd from pg_shadow where usename = $1
              pool_mode = %s
              default_pool_size = %d
              max_client_conn = 500
              ignore_startup_parameters = %s
              """
                  .formatted(
                      postgres.port(),
                      postgres.superuser(),
                      port,
                      users,
                      mode,
                      serverConnections,
                      ignored));
      List<String> command = new ArrayList<>(List.of("pgbouncer"));
      if (System.getProperty("user.name").equals("root")) {
        command.addAll(List.of("-u", "nobody")); // it refuses to run as root
      }
      command.add(configuration.toString());
      var process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("log").toFile())
              .start();
      var pooler = new PgBouncer(process, folder, port);
      pooler.awaitReady();
      return pooler;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void requireProgram() throws InterruptedException {
    try {
      new ProcessBuilder("pgbouncer", "-V")
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      var message = "PgBouncer not found on the path: tests skipped";
      System.out.println(message);
      abort(message);
    }
  }

  private void awaitReady() throws IOException, InterruptedException {
    var end = System.nanoTime() + START_LIMIT.toNanos();
    while (true) {
      try (var open = new Socket("127.0.0.1", port)) {
        return;
      } catch (IOException e) {
        if (!process.isAlive() || System.nanoTime() > end) {
          close();
          throw new IllegalStateException(
              "PgBouncer is not ready:\n" + Files.readString(folder.resolve("log")));
        }
        process.waitFor(50, TimeUnit.MILLISECONDS);
      }
    }
  }

  /** Returns the JDBC URL of a database of the server behind it, without credentials. */
  public String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
