/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;
import rowlock.api.token.Verifiers.Token;

/** Measures the verification of a token, from its text to the claims. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(5)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 3, time = 1)
public class VerificationBenchmark {
  /** A new token. The cache is off, so that each verification is the first. */
  @Benchmark
  public Object goodFirst(Verifiers verifiers) {
    return verifiers.rowlockWithoutCache(Token.GOOD);
  }

  /** A known token, from the cache. */
  @Benchmark
  public Object goodAgain(Verifiers verifiers) {
    return verifiers.rowlock(Token.GOOD);
  }

  /** Nimbus, which has no cache. */
  @Benchmark
  public Object goodNimbus(Verifiers verifiers) {
    return verifiers.nimbus(Token.GOOD);
  }

  /** A token whose signature alone is invalid. */
  @Benchmark
  public Object forged(Verifiers verifiers) {
    return verifiers.rowlock(Token.FORGED);
  }

  @Benchmark
  public Object forgedNimbus(Verifiers verifiers) {
    return verifiers.nimbus(Token.FORGED);
  }

  /** A token with a key id that the issuer does not have. */
  @Benchmark
  public Object unknownKey(Verifiers verifiers) {
    return verifiers.rowlock(Token.UNKNOWN_KEY);
  }

  /** Nimbus has all keys in memory here; with an address it would fetch them each time. */
  @Benchmark
  public Object unknownKeyNimbus(Verifiers verifiers) {
    return verifiers.nimbus(Token.UNKNOWN_KEY);
  }
}
