/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.keycloak;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import rowlock.local.system.RunningServer;

/** Starts a Keycloak that has its extensions and realms. */
public interface KeycloakProgram {
  /**
   * Starts the server, also after it has ended.
   *
   * @param options of the command {@code start}, the same each time
   * @param environment the same each time
   * @param log file that the output is appended to
   */
  RunningServer start(List<String> options, Map<String, String> environment, Path log);
}
