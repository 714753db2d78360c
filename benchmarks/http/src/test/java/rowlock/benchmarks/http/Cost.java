/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.benchmarks.http;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Contains the cost of requests.
 *
 * @param serverMillis CPU time of the server
 * @param databaseMillis CPU time of PostgreSQL
 * @param latencies duration of each request in nanoseconds
 */
record Cost(long serverMillis, long databaseMillis, List<Long> latencies) {

  static Cost sum(List<Cost> costs) {
    List<Long> all = new ArrayList<>();
    costs.forEach(cost -> all.addAll(cost.latencies));
    return new Cost(
        costs.stream().mapToLong(Cost::serverMillis).sum(),
        costs.stream().mapToLong(Cost::databaseMillis).sum(),
        all);
  }

  double serverMillisEach() {
    return (double) serverMillis / latencies.size();
  }

  double databaseMillisEach() {
    return (double) databaseMillis / latencies.size();
  }

  double millisEach() {
    return serverMillisEach() + databaseMillisEach();
  }

  /** Returns a percentile of the latencies in milliseconds. */
  double latency(int percentile) {
    List<Long> sorted = new ArrayList<>(latencies);
    Collections.sort(sorted);
    return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percentile / 100)) / 1e6;
  }
}
