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
 * What runs the servers of tests: child processes, or containers where the system property {@value
 * #PROPERTY} asks for them. The servers that people start are always processes.
 */
interface Backend {
  String PROPERTY = "rowlock.backend";
  String PROCESSES = "processes";
  String TESTCONTAINERS = "testcontainers";

  /** An empty PostgreSQL server. */
  PostgresServer postgres();

  /** A PostgreSQL server for one Keycloak alone. */
  PostgresServer keycloakPostgres(KeycloakSpec wanted);

  /** A database for one Keycloak, which nobody kills. */
  KeycloakSettings.Database keycloakDatabase(KeycloakSpec wanted);

  /** A Keycloak server. */
  KeycloakServer keycloak(KeycloakSettings settings);

  /**
   * The one of a name.
   *
   * @param newDirectories gives each server of a kind directories of its own
   * @throws StackFailure if there is no such backend, or it cannot work here
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
