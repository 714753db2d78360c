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
 * The stack of the first command.
 *
 * @param state holds everything that is kept between runs
 * @param keycloak port of Keycloak
 * @param keycloakManagement port of Keycloak's health and metrics
 * @param database port of PostgreSQL
 * @param mail port of the mail server that keeps every mail as a file
 * @param otherPorts ports that others will listen on, to be found free before anything starts
 * @param realm to begin with and whose login page must be there before the stack is ready, or null
 *     for none
 * @param master file with settings of the realm {@code master}, applied at each start, or null for
 *     none
 * @param wanted extensions and further options of Keycloak; its realm files are imported too
 * @param reset whether to begin with empty databases
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
    KeycloakSpec wanted,
    boolean reset) {

  /** Copies the list. */
  public LocalStackSettings {
    otherPorts = List.copyOf(otherPorts);
  }

  /**
   * The settings that the environment gives: ROWLOCK_DATA (usually .rowlock at the root of the
   * repository), ROWLOCK_KEYCLOAK_PORT (8080), ROWLOCK_KEYCLOAK_MANAGEMENT_PORT (9000),
   * ROWLOCK_DB_PORT (5433), ROWLOCK_SMTP_PORT (1025), and ROWLOCK_RESET, which is {@code true} for
   * empty databases.
   *
   * @throws StackFailure if one of them cannot be, with its name
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
   * Whether a variable says {@code true}; not set is no.
   *
   * @throws StackFailure if it says neither true nor false
   */
  public static boolean isTrue(String variable, Map<String, String> environment) {
    return switch (environment.getOrDefault(variable, "false").strip()) {
      case "true" -> true;
      case "false", "" -> false;
      default ->
          throw new StackFailure(variable + " is neither true nor false: set it to one of them.");
    };
  }

  /** Returns the same with a realm. */
  public LocalStackSettings withRealm(StackRealm newRealm) {
    return with(otherPorts, newRealm, master, wanted);
  }

  /** Returns the same with settings of the realm {@code master}. */
  public LocalStackSettings withMaster(Path newMaster) {
    return with(otherPorts, realm, newMaster, wanted);
  }

  /** Returns the same with extensions and further options of Keycloak. */
  public LocalStackSettings withKeycloak(KeycloakSpec newWanted) {
    return with(otherPorts, realm, master, newWanted);
  }

  /** Returns the same with ports that the launcher itself needs. */
  public LocalStackSettings withOtherPorts(List<StackPort> newPorts) {
    return with(newPorts, realm, master, wanted);
  }

  private LocalStackSettings with(
      List<StackPort> newPorts,
      @Nullable StackRealm newRealm,
      @Nullable Path newMaster,
      KeycloakSpec newWanted) {
    return new LocalStackSettings(
        state,
        keycloak,
        keycloakManagement,
        database,
        mail,
        newPorts,
        newRealm,
        newMaster,
        newWanted,
        reset);
  }

  List<StackPort> allPorts() {
    var all = new ArrayList<>(List.of(keycloak, keycloakManagement, database, mail));
    all.addAll(otherPorts);
    return all;
  }
}
