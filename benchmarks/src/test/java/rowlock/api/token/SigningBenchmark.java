/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Measures the issuer's cost of a token: a PS256 signature with Keycloak's own library. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(5)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 3, time = 1)
public class SigningBenchmark {
  private static final byte[] INPUT = "x".repeat(900).getBytes(StandardCharsets.US_ASCII);

  /** Size of the issuer's key. */
  @Param public KeySize key;

  private BouncyCastleProvider provider;
  private PrivateKey half;

  /** Extracts the private key from the key pair. */
  @Setup
  public void prepare() throws Exception {
    provider = new BouncyCastleProvider();
    half = key.pair().toPrivateKey();
  }

  @Benchmark
  public byte[] sign() throws GeneralSecurityException {
    var signature = Signature.getInstance("SHA256withRSAandMGF1", provider);
    signature.initSign(half);
    signature.update(INPUT);
    return signature.sign();
  }
}
