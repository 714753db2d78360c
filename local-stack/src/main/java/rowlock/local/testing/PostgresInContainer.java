/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.testing;

import com.github.dockerjava.api.command.InspectContainerResponse;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;
import rowlock.local.cache.Distribution;
import rowlock.local.cache.Secrets;
import rowlock.local.postgres.PostgresProgram;
import rowlock.local.postgres.PostgresServer;
import rowlock.local.system.RunningServer;
import rowlock.local.system.ServerDirectories;

/** Runs PostgreSQL in a container, which keeps its data while it is stopped. */
final class PostgresInContainer implements PostgresProgram {
  /** The same options as in PostgresCluster. */
  private static final String INITDB =
      "--auth-host=scram-sha-256 --encoding=UTF8 --locale=C --locale-provider=builtin --builtin-locale=C.UTF-8 --data-checksums";

  /**
   * Switches the Unix socket off once the data are created. The image creates them over the socket,
   * so the setting cannot be an argument of the server.
   */
  private static final String NO_SOCKET =
      "echo \"unix_socket_directories = ''\" >> \"$PGDATA/postgresql.auto.conf\"\n";

  private static final long SHARED_MEMORY_BYTES = 256L << 20;

  private final ServerDirectories directories;
  private final String password;
  private @Nullable ServerContainer container;

  PostgresInContainer(ServerDirectories directories) {
    this.directories = directories;
    this.password = Secrets.readOrGenerate(directories.directory().resolve("password"));
  }

  static DockerImageName image() {
    return DockerImageName.parse("postgres:" + Distribution.load().postgresRelease());
  }

  @Override
  public String password() {
    return password;
  }

  @Override
  public Path log() {
    return directories.directory().resolve("log");
  }

  @Override
  public RunningServer start(List<String> settings) {
    if (container == null) {
      container = new ServerContainer(define(settings), log());
    }
    container.start();
    return container;
  }

  @SuppressWarnings("resource")
  private PostgreSQLContainer define(List<String> settings) {
    var command = new ArrayList<>(List.of("postgres"));
    settings.forEach(setting -> command.addAll(List.of("-c", setting)));
    return new InOurNetwork()
        .withUsername(PostgresServer.SUPERUSER)
        .withPassword(password)
        .withDatabaseName(PostgresServer.SUPERUSER)
        .withEnv("POSTGRES_INITDB_ARGS", INITDB)
        .withCopyToContainer(Transferable.of(NO_SOCKET), "/docker-entrypoint-initdb.d/no-socket.sh")
        .withSharedMemorySize(SHARED_MEMORY_BYTES)
        .withCommand(command.toArray(String[]::new));
  }

  /**
   * Returns whether the server listens for TCP; it does so only after its data have been created.
   */
  @Override
  public boolean isReady(RunningServer started, String jdbcUrl) {
    try (var connection =
        DriverManager.getConnection(jdbcUrl, PostgresServer.SUPERUSER, password)) {
      return connection.isValid(0);
    } catch (SQLException e) {
      return false;
    }
  }

  private static final class InOurNetwork extends PostgreSQLContainer {
    InOurNetwork() {
      super(image());
    }

    /** Replaces the check of the library, which requires a published port. */
    @Override
    protected void containerIsStarted(InspectContainerResponse info) {}
  }
}
