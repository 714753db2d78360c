/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import rowlock.local.cache.StateDirectory;
import rowlock.local.keycloak.KeycloakSpec;
import rowlock.local.system.StackFailure;
import rowlock.local.system.StackPort;

/**
 * Contains the settings of the stack of the first command.
 *
 * @param state directory of everything that is kept between runs
 * @param keycloak port of Keycloak
 * @param keycloakManagement port of Keycloak's health and metrics
 * @param database port of PostgreSQL
 * @param mail port of the mail server that keeps each mail as a file
 * @param otherPorts ports of further services; each must be free before any server starts
 * @param realm imported at the first start, its login page must be available before the stack is
 *     ready; null for none
 * @param master file with settings of the realm {@code master}, applied at each start, or null for
 *     none
 * @param spec extensions and further options of Keycloak; its realm files are imported too
 * @param reset whether to delete the databases first
 */
public record LocalStackSettings(
    Path state,
    StackPort keycloak,
    StackPort keycloakManagement,
    StackPort database,
    StackPort mail,
    List<StackPort> otherPorts,
    @Nullable StackRealm realm,
    @Nullable Path master,
    KeycloakSpec spec,
    boolean reset) {

  /** Copies the list. */
  public LocalStackSettings {
    otherPorts = List.copyOf(otherPorts);
  }

  /**
   * Reads the settings from the environment: ROWLOCK_DATA (default .rowlock at the root of the
   * repository), ROWLOCK_KEYCLOAK_PORT (8080), ROWLOCK_KEYCLOAK_MANAGEMENT_PORT (9000),
   * ROWLOCK_DB_PORT (5433), ROWLOCK_SMTP_PORT (1025), and ROWLOCK_RESET ({@code true} deletes the
   * databases).
   *
   * @throws StackFailure if a value is invalid; the message names the variable
   */
  public static LocalStackSettings from(Map<String, String> environment) {
    return new LocalStackSettings(
        StateDirectory.of(environment).directory(),
        StackPort.of("Keycloak", "ROWLOCK_KEYCLOAK_PORT", 8080, environment),
        StackPort.of(
            "Keycloak's health and metrics", "ROWLOCK_KEYCLOAK_MANAGEMENT_PORT", 9000, environment),
        StackPort.of("PostgreSQL", "ROWLOCK_DB_PORT", 5433, environment),
        StackPort.of("the local mail server", "ROWLOCK_SMTP_PORT", 1025, environment),
        List.of(),
        null,
        null,
        new KeycloakSpec(List.of(), List.of()),
        isTrue("ROWLOCK_RESET", environment));
  }

  /**
   * Returns whether a variable is {@code true}. A variable that is not set is false.
   *
   * @throws StackFailure if the value is neither true nor false
   */
  public static boolean isTrue(String variable, Map<String, String> environment) {
    return switch (environment.getOrDefault(variable, "false").strip()) {
      case "true" -> true;
      case "false", "" -> false;
      default ->
          throw new StackFailure(variable + " is neither true nor false: set it to true or false.");
    };
  }

  /** Returns a copy with a realm. */
  public LocalStackSettings withRealm(StackRealm newRealm) {
    return with(otherPorts, newRealm, master, spec);
  }

  /** Returns a copy with settings of the realm {@code master}. */
  public LocalStackSettings withMaster(Path newMaster) {
    return with(otherPorts, realm, newMaster, spec);
  }

  /** Returns a copy with extensions and further options of Keycloak. */
  public LocalStackSettings withKeycloak(KeycloakSpec newSpec) {
    return with(otherPorts, realm, master, newSpec);
  }

  /** Returns a copy with ports that the launcher itself needs. */
  public LocalStackSettings withOtherPorts(List<StackPort> newPorts) {
    return with(newPorts, realm, master, spec);
  }

  private LocalStackSettings with(
      List<StackPort> newPorts,
      @Nullable StackRealm newRealm,
      @Nullable Path newMaster,
      KeycloakSpec newSpec) {
    return new LocalStackSettings(
        state,
        keycloak,
        keycloakManagement,
        database,
        mail,
        newPorts,
        newRealm,
        newMaster,
        newSpec,
        reset);
  }

  List<StackPort> allPorts() {
    var all = new ArrayList<>(List.of(keycloak, keycloakManagement, database, mail));
    all.addAll(otherPorts);
    return all;
  }
}
