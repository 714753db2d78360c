/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Recognizes RSA keys that can be factored because of how they were made (CVE-2017-15361, "ROCA").
 * A widespread smart-card library chose its primes as
 *
 * <pre>p = k * M + (65537^a mod M)</pre>
 *
 * where M is the product of the first primes. So each prime, and with it the modulus, is a power of
 * 65537 modulo every small prime that divides M. Of other moduli only about one in 2^167 is so too,
 * for as many small primes as that library takes for keys of 2,048 bits.
 *
 * @see <a href="https://doi.org/10.1145/3133956.3133969">Nemec, Sys, Svenda, Klinec, Matyas: The
 *     Return of Coppersmith's Attack, ACM CCS 2017, sections 2.1 and 5</a>
 */
final class RocaFingerprint {
  private static final int GENERATOR = 65_537;

  /** The 126th prime: M of keys with 1,984 to 3,968 bits; longer keys have more, shorter fewer. */
  private static final int MAX_PRIME = 701;

  /**
   * A small prime and the powers of the generator modulo it.
   *
   * @param prime the prime
   * @param powers bit r is set when r is such a power
   */
  private record Subgroup(int prime, BitSet powers) {

    static Subgroup of(int prime) {
      var powers = new BitSet(prime);
      for (var power = 1; !powers.get(power); power = power * (GENERATOR % prime) % prime) {
        powers.set(power);
      }
      return new Subgroup(prime, powers);
    }

    boolean contains(BigInteger modulus) {
      return powers.get(modulus.mod(BigInteger.valueOf(prime)).intValue());
    }
  }

  private static final List<Subgroup> SUBGROUPS = subgroups();

  private RocaFingerprint() {}

  /** Returns whether a modulus of 2,048 bits or more has the fingerprint. */
  static boolean matches(BigInteger modulus) {
    return SUBGROUPS.stream().allMatch(subgroup -> subgroup.contains(modulus));
  }

  private static List<Subgroup> subgroups() {
    List<Subgroup> subgroups = new ArrayList<>();
    for (var prime = BigInteger.TWO;
        prime.intValue() <= MAX_PRIME;
        prime = prime.nextProbablePrime()) {
      subgroups.add(Subgroup.of(prime.intValue()));
    }
    return List.copyOf(subgroups);
  }
}
