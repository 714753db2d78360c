/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Checks that every benchmark runs, without assertions on time. */
@Tag("thorough")
class BenchmarksTest {
  @Test
  void everyBenchmarkRuns() throws RunnerException {
    var results =
        new Runner(
                new OptionsBuilder()
                    .forks(0)
                    .warmupIterations(0)
                    .measurementIterations(1)
                    .mode(Mode.SingleShotTime)
                    .param("flood", "UNKNOWN_KEYS") // the costly ones differ in nothing else
                    .addProfiler(CpuTime.class)
                    .shouldFailOnError(true)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run();

    assertThat(results)
        .isNotEmpty()
        .allSatisfy(
            result -> assertThat(result.getSecondaryResults().get("cpu").getScore()).isPositive());
  }
}
