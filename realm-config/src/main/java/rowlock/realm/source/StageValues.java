/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.source;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * Contains the values of placeholders in one stage, such as test or production.
 *
 * @param values by the names of the placeholders
 * @param secrets names of the placeholders whose values no output may contain, in addition to those
 *     whose names say so
 */
public record StageValues(Map<String, String> values, Set<String> secrets) {
  /** Copies the collections. */
  public StageValues {
    values = Map.copyOf(values);
    secrets = Set.copyOf(secrets);
  }

  /** Takes the values from the environment. */
  public static StageValues of(Map<String, String> environment) {
    return new StageValues(environment, Set.of());
  }

  /**
   * Reads a file with one section for each stage. Values under {@code all} belong to every stage. A
   * secret value is not in the file but named:
   *
   * <ul>
   *   <li>{@code {env: NAME}}: the value of an environment variable
   *   <li>{@code {file: PATH}}: the content of a file, without the line break at its end; a
   *       relative path starts at the folder of the file with the values
   *   <li>{@code {vault: KEY}}: Keycloak reads it from its vault; the value never leaves the server
   * </ul>
   *
   * <p>Values in the file come before those in the environment.
   *
   * @throws RealmSourceException if the file or the stage does not exist, or a reference has no
   *     value
   */
  public static StageValues read(Path file, String stage, Map<String, String> environment) {
    return new StageFile(file, environment).read(stage);
  }
}
