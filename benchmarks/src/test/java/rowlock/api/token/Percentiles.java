/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;
import rowlock.api.token.Verifiers.Token;

/**
 * Measures single verifications in compiled code, in CPU time and elapsed time. The percentiles of
 * CPU time are meaningful on a busy machine too. The times include the reading of the clocks, about
 * one microsecond.
 */
public final class Percentiles {
  private static final int WARM_UP = 60_000;
  private static final int CHECKS = 50_000;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private Percentiles() {}

  /** Prints one line for each key and verifier. */
  public static void main(String[] arguments) {
    for (var key : KeySize.values()) {
      var verifiers = new Verifiers();
      verifiers.key = key;
      verifiers.start();
      measure(key + " first", () -> verifiers.rowlockWithoutCache(Token.GOOD));
      measure(key + " again", () -> verifiers.rowlock(Token.GOOD));
      measure(key + " nimbus", () -> verifiers.nimbus(Token.GOOD));
      verifiers.stop();
    }
  }

  private static void measure(String name, Supplier<Object> check) {
    var done = 0;
    for (var i = 0; i < WARM_UP; i++) {
      done += check.get() == null ? 0 : 1;
    }
    var cpu = new long[CHECKS];
    var wall = new long[CHECKS];
    for (var i = 0; i < CHECKS; i++) {
      var begun = System.nanoTime();
      var before = THREADS.getCurrentThreadCpuTime();
      done += check.get() == null ? 0 : 1;
      cpu[i] = THREADS.getCurrentThreadCpuTime() - before;
      wall[i] = System.nanoTime() - begun;
    }
    System.out.printf(
        Locale.ROOT, "%-16s %s us, of %d%n", name, format("cpu", cpu) + format("wall", wall), done);
  }

  private static String format(String name, long[] nanos) {
    Arrays.sort(nanos);
    return "  %s: p50 %.1f p99 %.1f p99.9 %.1f"
        .formatted(
            name,
            nanos[CHECKS / 2] / 1e3,
            nanos[CHECKS * 99 / 100] / 1e3,
            nanos[CHECKS * 999 / 1000] / 1e3);
  }
}
