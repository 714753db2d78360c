/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Row 17: keys that can be factored because of how their primes were chosen. */
class RocaFingerprintTest {
  private static final BigInteger GENERATOR = BigInteger.valueOf(65_537);

  /** The product of the first 126 primes. */
  private static final BigInteger M =
      Stream.iterate(BigInteger.TWO, BigInteger::nextProbablePrime)
          .limit(126)
          .reduce(BigInteger.ONE, BigInteger::multiply);

  private final Random random = new SecureRandom();

  @Test
  void row17_rocaPrimes_areRecognized() {
    var modulus = weakPrime().multiply(weakPrime());
    assertThat(modulus.bitLength()).isGreaterThan(2000);
    assertThat(RocaFingerprint.matches(modulus)).isTrue();
  }

  @Test
  void row17_oneOrdinaryPrime_isNotRecognized() {
    var modulus = weakPrime().multiply(BigInteger.probablePrime(1024, random));
    assertThat(RocaFingerprint.matches(modulus)).isFalse();
  }

  @RepeatedTest(5)
  void row17_ordinaryPrimes_areNotRecognized() {
    var modulus =
        BigInteger.probablePrime(1024, random).multiply(BigInteger.probablePrime(1024, random));
    assertThat(RocaFingerprint.matches(modulus)).isFalse();
  }

  private BigInteger weakPrime() {
    while (true) {
      var power = GENERATOR.modPow(new BigInteger(256, random), M);
      var k = new BigInteger(1024 - M.bitLength(), random).setBit(1023 - M.bitLength());
      var candidate = k.multiply(M).add(power);
      if (candidate.isProbablePrime(40)) {
        return candidate;
      }
    }
  }
}
