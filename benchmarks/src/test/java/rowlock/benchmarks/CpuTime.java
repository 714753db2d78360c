/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
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
 * The CPU time that an operation takes on the thread it runs on. Unlike the time on the wall it
 * does not grow while other programs wait for the same cores; and as they only ever add to it, the
 * least of all iterations is told.
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
    // thread by thread: in a shared JVM a worker of the benchmark before may end in between
    double microseconds = 0;
    for (Map.Entry<Long, Long> thread : used().entrySet()) {
      microseconds += (thread.getValue() - before.getOrDefault(thread.getKey(), 0L)) / 1_000.0;
    }
    long operations = Math.max(1, result.getMetadata().getAllOps());
    return List.of(
        new ScalarResult("cpu", microseconds / operations, "us/op", AggregationPolicy.MIN));
  }

  /** CPU time of each worker until now, in nanoseconds. */
  private Map<Long, Long> used() {
    Map<Long, Long> nanos = new HashMap<>();
    for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (thread != null && thread.getThreadName().contains(WORKER)) {
        long used = threads.getThreadCpuTime(thread.getThreadId());
        if (used >= 0) { // -1 when it has ended
          nanos.put(thread.getThreadId(), used);
        }
      }
    }
    return nanos;
  }
}
