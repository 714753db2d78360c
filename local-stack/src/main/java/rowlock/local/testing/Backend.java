/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.testing;

import java.util.function.Function;
import rowlock.local.keycloak.KeycloakServer;
import rowlock.local.keycloak.KeycloakSettings;
import rowlock.local.keycloak.KeycloakSpec;
import rowlock.local.postgres.PostgresServer;
import rowlock.local.system.ServerDirectories;
import rowlock.local.system.StackFailure;

/**
 * Runs the servers of tests as child processes, or as containers if the system property {@value
 * #PROPERTY} says so. The servers of the first command are always processes.
 */
interface Backend {
  String PROPERTY = "rowlock.backend";
  String PROCESSES = "processes";
  String TESTCONTAINERS = "testcontainers";

  /** Starts an empty PostgreSQL server. */
  PostgresServer postgres();

  /** Starts a PostgreSQL server for one Keycloak alone. */
  PostgresServer keycloakPostgres(KeycloakSpec spec);

  /** Returns a database for one Keycloak; no test kills its server. */
  KeycloakSettings.Database keycloakDatabase(KeycloakSpec spec);

  /** Starts a Keycloak server. */
  KeycloakServer keycloak(KeycloakSettings settings);

  /**
   * Returns the backend of that name.
   *
   * @param newDirectories returns new directories for a server of a kind
   * @throws StackFailure if there is no such backend, or it is unavailable on this machine
   */
  static Backend of(String name, Function<String, ServerDirectories> newDirectories) {
    return switch (name) {
      case PROCESSES -> new ProcessBackend(newDirectories);
      case TESTCONTAINERS -> containers(newDirectories);
      default ->
          throw new StackFailure(
              "%s is '%s': set it to %s or %s."
                  .formatted(PROPERTY, name, PROCESSES, TESTCONTAINERS));
    };
  }

  private static Backend containers(Function<String, ServerDirectories> newDirectories) {
    try {
      return ContainerBackend.create(newDirectories);
    } catch (NoClassDefFoundError e) {
      throw new StackFailure(
          "Testcontainers is not on the class path: run Maven with -D%s=%s, which puts it there."
              .formatted(PROPERTY, TESTCONTAINERS),
          e);
    }
  }
}
