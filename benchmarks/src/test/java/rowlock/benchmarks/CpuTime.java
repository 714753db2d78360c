/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Measures the CPU time of an operation on its thread. Unlike elapsed time, it does not grow while
 * other programs use the same cores. Such programs only ever add to it, so the minimum of all
 * iterations is reported.
 */
public final class CpuTime implements InternalProfiler {
  private static final String WORKER = "jmh-worker";

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private Map<Long, Long> before = Map.of();

  @Override
  public String getDescription() {
    return "CPU time per operation";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    before = used();
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    // per thread, because in a shared JVM a worker of an earlier benchmark may end in between
    var microseconds = 0.0;
    for (var thread : used().entrySet()) {
      microseconds += (thread.getValue() - before.getOrDefault(thread.getKey(), 0L)) / 1_000.0;
    }
    var operations = Math.max(1, result.getMetadata().getAllOps());
    return List.of(
        new ScalarResult("cpu", microseconds / operations, "us/op", AggregationPolicy.MIN));
  }

  /** Returns the CPU time of each worker until now, in nanoseconds. */
  private Map<Long, Long> used() {
    Map<Long, Long> nanos = new HashMap<>();
    for (var thread : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (thread != null && thread.getThreadName().contains(WORKER)) {
        var used = threads.getThreadCpuTime(thread.getThreadId());
        if (used >= 0) { // -1 if the thread has ended
          nanos.put(thread.getThreadId(), used);
        }
      }
    }
    return nanos;
  }
}
