/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.testing;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import rowlock.local.cache.Secrets;
import rowlock.local.keycloak.KeycloakDatabase;
import rowlock.local.keycloak.KeycloakServer;
import rowlock.local.keycloak.KeycloakSettings;
import rowlock.local.keycloak.KeycloakSpec;
import rowlock.local.postgres.PostgresServer;
import rowlock.local.system.ServerDirectories;
import rowlock.local.system.StackFailure;

/**
 * Runs servers in containers of the official images, with the same settings as the processes, in
 * the network of this machine. Connections between servers are then local and unencrypted, as
 * between processes. The Keycloaks that all tests share also share a PostgreSQL, in which each has
 * a database. Thread-safe.
 */
final class ContainerBackend implements Backend {
  /** Several Keycloaks use one server. Each uses as many connections as one that is alone. */
  private static final int SHARED_CONNECTIONS = 600;

  private final Function<String, ServerDirectories> newDirectories;
  private final AtomicInteger databases = new AtomicInteger();
  private @Nullable PostgresServer shared;

  private ContainerBackend(Function<String, ServerDirectories> newDirectories) {
    this.newDirectories = newDirectories;
  }

  static ContainerBackend create(Function<String, ServerDirectories> newDirectories) {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      throw new StackFailure(
          "%s is %s, but no Docker engine is reachable: start one, or omit the property to run the servers as processes."
              .formatted(PROPERTY, TESTCONTAINERS));
    }
    return new ContainerBackend(newDirectories);
  }

  @Override
  public PostgresServer postgres() {
    return postgres(PostgresServer.MAX_CONNECTIONS);
  }

  @Override
  public PostgresServer keycloakPostgres(KeycloakSpec spec) {
    return postgres();
  }

  private PostgresServer postgres(int connections) {
    var directories = newDirectories.apply("postgres");
    return PostgresServer.start(directories, new PostgresInContainer(directories), connections);
  }

  @Override
  public KeycloakSettings.Database keycloakDatabase(KeycloakSpec spec) {
    var name = KeycloakDatabase.NAME + "_" + databases.incrementAndGet();
    return KeycloakDatabase.prepare(shared(), name, Secrets.generate());
  }

  private synchronized PostgresServer shared() {
    if (shared == null) {
      shared = postgres(SHARED_CONNECTIONS);
    }
    return shared;
  }

  @Override
  public KeycloakServer keycloak(KeycloakSettings settings) {
    return KeycloakServer.start(settings, new KeycloakInContainer(settings));
  }
}
