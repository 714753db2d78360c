/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.benchmarks.http;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Contains the cost of requests, either to task-api or relayed to it.
 *
 * @param webMillis CPU time of task-web
 * @param apiMillis CPU time of task-api
 * @param databaseMillis CPU time of PostgreSQL, which both use
 * @param latencies duration of each request in nanoseconds
 */
record RelayCost(long webMillis, long apiMillis, long databaseMillis, List<Long> latencies) {

  static RelayCost sum(List<RelayCost> costs) {
    List<Long> all = new ArrayList<>();
    costs.forEach(cost -> all.addAll(cost.latencies));
    Collections.sort(all);
    return new RelayCost(
        costs.stream().mapToLong(RelayCost::webMillis).sum(),
        costs.stream().mapToLong(RelayCost::apiMillis).sum(),
        costs.stream().mapToLong(RelayCost::databaseMillis).sum(),
        all);
  }

  /** Returns a time divided by the number of requests. */
  double each(long millis) {
    return (double) millis / latencies.size();
  }

  double totalMillisEach() {
    return each(webMillis + apiMillis + databaseMillis);
  }

  /** Returns a percentile of the latencies of a sum, in milliseconds. */
  double latency(int percentile) {
    return latencies.get(Math.min(latencies.size() - 1, latencies.size() * percentile / 100)) / 1e6;
  }
}
