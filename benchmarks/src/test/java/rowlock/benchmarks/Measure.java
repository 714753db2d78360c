/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.benchmarks;

import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs benchmarks like JMH's own command line, and adds the CPU time of each. */
public final class Measure {
  private Measure() {}

  /**
   * @param arguments JMH's arguments: a regular expression for the names, and options
   */
  public static void main(String[] arguments) throws CommandLineOptionException, RunnerException {
    new Runner(
            new OptionsBuilder()
                .parent(new CommandLineOptions(arguments))
                .addProfiler(CpuTime.class)
                .build())
        .run();
  }
}
