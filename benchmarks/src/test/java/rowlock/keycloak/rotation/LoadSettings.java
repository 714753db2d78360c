/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How much load.
 *
 * @param users people, each with a session at either client
 * @param clients requests that are under way at once, at most one of each person
 * @param warmUp at either client before the clock starts
 * @param turn how long one client has the server to itself
 * @param total all turns together; whole pairs of turns, at least one
 */
record LoadSettings(int users, int clients, Duration warmUp, Duration turn, Duration total) {

  LoadSettings {
    if (users < clients || clients < 1 || turn.isZero()) {
      throw new IllegalArgumentException(
          "There must be a client, as many users, and a turn of a second");
    }
  }

  /**
   * Reads {@code users=1000 clients=8 warmup=15 turn=30 seconds=240}, which are the defaults.
   *
   * @throws IllegalArgumentException if there is anything else, with a text that names it
   */
  static LoadSettings of(List<String> arguments) {
    Map<String, Integer> given =
        new LinkedHashMap<>(
            Map.of("users", 1000, "clients", 8, "warmup", 15, "turn", 30, "seconds", 240));
    for (String argument : arguments) {
      String[] parts = argument.split("=", 2);
      if (parts.length < 2 || !given.containsKey(parts[0]) || !parts[1].matches("\\d{1,6}")) {
        throw new IllegalArgumentException(
            "'"
                + argument
                + "' is none of users=, clients=, warmup=, turn=, seconds= and a number");
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

  /** How often each of the two clients has its turn. */
  int pairs() {
    return (int) Math.max(1, total.dividedBy(turn.multipliedBy(2)));
  }
}
