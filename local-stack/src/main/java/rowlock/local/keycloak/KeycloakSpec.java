/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.keycloak;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Specifies a Keycloak server. Tests with equal specifications share a server.
 *
 * @param providers extensions: jars, or directories of compiled classes
 * @param realmFiles realms to import
 * @param features Keycloak features to switch on
 * @param options further options of the command {@code start}
 * @param environment further environment variables of the process, for example for placeholders in
 *     a realm file
 */
public record KeycloakSpec(
    List<Path> providers,
    List<Path> realmFiles,
    List<String> features,
    List<String> options,
    Map<String, String> environment) {

  /** Copies the collections. */
  public KeycloakSpec {
    providers = List.copyOf(providers);
    realmFiles = List.copyOf(realmFiles);
    features = List.copyOf(features);
    options = List.copyOf(options);
    environment = Map.copyOf(environment);
  }

  /** Specifies extensions and realms, and Keycloak's defaults for everything else. */
  public KeycloakSpec(List<Path> providers, List<Path> realmFiles) {
    this(providers, realmFiles, List.of(), List.of(), Map.of());
  }

  /** Returns a copy with one more realm. */
  public KeycloakSpec withRealm(Path realmFile) {
    var all = new ArrayList<>(realmFiles);
    all.add(realmFile);
    return new KeycloakSpec(providers, all, features, options, environment);
  }

  /** Returns a copy with these options only. */
  public KeycloakSpec withOptions(String... more) {
    return new KeycloakSpec(providers, realmFiles, features, List.of(more), environment);
  }

  /** Returns a copy with these environment variables only. */
  public KeycloakSpec withEnvironment(Map<String, String> more) {
    return new KeycloakSpec(providers, realmFiles, features, options, more);
  }

  /** Returns a copy with these features. */
  public KeycloakSpec withFeatures(String... more) {
    return new KeycloakSpec(providers, realmFiles, List.of(more), options, environment);
  }
}
