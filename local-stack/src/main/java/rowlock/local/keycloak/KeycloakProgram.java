/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.keycloak;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import rowlock.local.system.RunningServer;

/** A Keycloak that has its extensions and realms and can be started. */
public interface KeycloakProgram {
  /**
   * Starts it, or starts it again after it has ended.
   *
   * @param options of the command {@code start}, the same each time
   * @param environment the same each time
   * @param log is appended to
   */
  RunningServer start(List<String> options, Map<String, String> environment, Path log);
}
