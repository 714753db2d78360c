/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What one client's turn has brought.
 *
 * @param wall from the first request to the last answer
 * @param cpu the server's, in the same time
 * @param answered how long each good answer took, in nanoseconds
 * @param failures what the server said instead of a new refresh token
 */
record Turn(Duration wall, Duration cpu, long[] answered, List<String> failures) {

  /** The head of a table whose lines are {@link #told}. */
  static final String HEAD =
      "%-10s %9s %8s %11s %8s %8s %13s"
          .formatted("", "refreshes", "failures", "refreshes/s", "p50 ms", "p99 ms", "CPU ms each");

  /** All turns as if they were one. */
  static Turn sum(List<Turn> turns) {
    Duration wall = Duration.ZERO;
    Duration cpu = Duration.ZERO;
    List<String> failures = new ArrayList<>();
    for (Turn turn : turns) {
      wall = wall.plus(turn.wall);
      cpu = cpu.plus(turn.cpu);
      failures.addAll(turn.failures);
    }
    long[] answered =
        turns.stream().flatMapToLong(turn -> Arrays.stream(turn.answered)).sorted().toArray();
    return new Turn(wall, cpu, answered, failures);
  }

  double perSecond() {
    return answered.length / seconds(wall);
  }

  double cpuMillisEach() {
    return seconds(cpu) * 1e3 / Math.max(1, answered.length);
  }

  /** A line of figures. */
  String told(String name) {
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
    long[] sorted = answered.clone();
    Arrays.sort(sorted);
    return sorted.length == 0 ? 0 : sorted[(sorted.length - 1) * percent / 100] / 1e6;
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }
}
