/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Contains the result of one turn of refreshes or logins.
 *
 * @param wall time from the first request to the last response
 * @param cpu CPU time of the server in that time
 * @param answered duration of each success, in nanoseconds
 * @param failures other responses
 */
public record TurnResult(Duration wall, Duration cpu, long[] answered, List<String> failures) {

  /** The head of the table whose rows are {@link #row}. */
  public static final String HEAD =
      "%-10s %9s %8s %11s %8s %8s %13s"
          .formatted("", "requests", "failures", "requests/s", "p50 ms", "p99 ms", "CPU ms each");

  /** Returns the sum of several turns. */
  public static TurnResult sum(List<TurnResult> turns) {
    var wall = Duration.ZERO;
    var cpu = Duration.ZERO;
    List<String> failures = new ArrayList<>();
    for (var turn : turns) {
      wall = wall.plus(turn.wall);
      cpu = cpu.plus(turn.cpu);
      failures.addAll(turn.failures);
    }
    var answered =
        turns.stream().flatMapToLong(turn -> Arrays.stream(turn.answered)).sorted().toArray();
    return new TurnResult(wall, cpu, answered, failures);
  }

  /** Returns the rate of the successful ones. */
  public double perSecond() {
    return answered.length / seconds(wall);
  }

  /** Returns the CPU time of each successful one. */
  public double cpuMillisEach() {
    return seconds(cpu) * 1e3 / Math.max(1, answered.length);
  }

  /** Returns a row of the table. */
  public String row(String name) {
    return String.format(
        Locale.ROOT,
        "%-10s %9d %8d %11.1f %8.1f %8.1f %13.2f",
        name,
        answered.length,
        failures.size(),
        perSecond(),
        percentileMillis(50),
        percentileMillis(99),
        cpuMillisEach());
  }

  private double percentileMillis(int percent) {
    var sorted = answered.clone();
    Arrays.sort(sorted);
    return sorted.length == 0 ? 0 : sorted[(sorted.length - 1) * percent / 100] / 1e6;
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }
}
