/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.system;

import java.util.Map;

/**
 * Describes a port that must be free before any server starts.
 *
 * @param service name of the service that listens on it
 * @param variable environment variable that sets it
 * @param number the port
 */
public record StackPort(String service, String variable, int number) {
  private static final int MAX_PORT = 65535;

  /**
   * Returns the port that a variable sets, or the default.
   *
   * @throws StackFailure if the value is not a port number
   */
  public static StackPort of(
      String service, String variable, int usual, Map<String, String> environment) {
    var text = environment.getOrDefault(variable, "").strip();
    if (text.isEmpty()) {
      return new StackPort(service, variable, usual);
    }
    if (text.matches("\\d{1,5}")
        && Integer.parseInt(text) >= 1
        && Integer.parseInt(text) <= MAX_PORT) {
      return new StackPort(service, variable, Integer.parseInt(text));
    }
    throw new StackFailure(
        "%s is \"%s\": set it to a port number from 1 to %d.".formatted(variable, text, MAX_PORT));
  }
}
