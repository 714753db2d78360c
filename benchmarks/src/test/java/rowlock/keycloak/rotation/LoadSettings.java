/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Contains the parameters of the load.
 *
 * @param users number of users, each with one session at each client
 * @param clients number of concurrent requests, at most one per user
 * @param warmUp duration at each client before the measurement; compilers need a minute
 * @param turn duration for which one client gets all requests
 * @param total duration of all turns; whole pairs of turns, at least one
 */
public record LoadSettings(int users, int clients, Duration warmUp, Duration turn, Duration total) {

  /** Rejects invalid values. */
  public LoadSettings {
    if (users < clients || clients < 1 || turn.isZero()) {
      throw new IllegalArgumentException(
          "clients= must be at least 1, users= at least clients=, turn= at least 1");
    }
  }

  /**
   * Reads {@code users=1000 clients=8 warmup=90 turn=30 seconds=240}, which are the default values.
   *
   * @throws IllegalArgumentException if an argument is invalid; the message names it
   */
  public static LoadSettings of(List<String> arguments) {
    Map<String, Integer> given =
        new LinkedHashMap<>(
            Map.of("users", 1000, "clients", 8, "warmup", 90, "turn", 30, "seconds", 240));
    for (var argument : arguments) {
      var parts = argument.split("=", 2);
      if (parts.length < 2 || !given.containsKey(parts[0]) || !parts[1].matches("\\d{1,6}")) {
        throw new IllegalArgumentException(
            "'"
                + argument
                + "' is invalid: use users=, clients=, warmup=, turn= or seconds= with a number");
      }
      given.put(parts[0], Integer.valueOf(parts[1]));
    }
    return new LoadSettings(
        given.get("users"),
        given.get("clients"),
        Duration.ofSeconds(given.get("warmup")),
        Duration.ofSeconds(given.get("turn")),
        Duration.ofSeconds(given.get("seconds")));
  }

  /** Returns the number of turns of each client. */
  public int pairs() {
    return (int) Math.max(1, total.dividedBy(turn.multipliedBy(2)));
  }
}
