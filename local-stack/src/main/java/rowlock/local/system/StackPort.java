/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.system;

import java.util.Map;

/**
 * A port that must be free before anything starts.
 *
 * @param service who will listen on it, as a person calls it
 * @param variable the environment variable that moves it
 * @param number the port
 */
public record StackPort(String service, String variable, int number) {
  private static final int HIGHEST = 65535;

  /**
   * The port that a variable names, or the usual one.
   *
   * @throws StackFailure if the variable holds no port number
   */
  public static StackPort of(
      String service, String variable, int usual, Map<String, String> environment) {
    var text = environment.getOrDefault(variable, "").strip();
    if (text.isEmpty()) {
      return new StackPort(service, variable, usual);
    }
    if (text.matches("\\d{1,5}")
        && Integer.parseInt(text) >= 1
        && Integer.parseInt(text) <= HIGHEST) {
      return new StackPort(service, variable, Integer.parseInt(text));
    }
    throw new StackFailure(
        "%s is \"%s\": set it to a port number from 1 to %d.".formatted(variable, text, HIGHEST));
  }
}
