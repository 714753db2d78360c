/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.benchmarks;

import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs benchmarks as JMH's own command line does, and adds what each cost in CPU time. */
public final class Measure {

  private Measure() {}

  /**
   * @param arguments those of JMH: a regular expression over the names, and options
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
