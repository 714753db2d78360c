/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.util.Set;
import rowlock.api.audit.Refusal;

/**
 * Has the issuer signed this? Knows keys and signatures, and nothing of what the signed object says
 * or is for (RFC 8725 sections 3.1 to 3.3).
 */
final class IssuerSignature {

  /** Ways for a token to say which key it wants to be checked with (RFC 7515 section 4.1). */
  private static final Set<String> KEYS_OF_ITS_OWN = Set.of("jwk", "jku", "x5u", "x5c");

  private final Set<String> algorithms;
  private final IssuerKeys keys;

  /**
   * @param algorithms the allowed {@code alg} headers
   * @param keys the issuer's
   */
  IssuerSignature(Set<String> algorithms, IssuerKeys keys) {
    this.algorithms = algorithms;
    this.keys = keys;
  }

  /** The key of the issuer that has signed the token, or why there is none. */
  Verdict<IssuerKey> check(CompactForm token) {
    String kid = token.kid();
    // This API has no extensions (RFC 7515 section 4.1.11). "b64" is only lawful together with
    // "crit" (RFC 7797 section 6).
    if (token.header().has("crit") || token.header().has("b64")) {
      return new Verdict.Refused<>(Refusal.CRITICAL_HEADER, kid, null);
    }
    if (KEYS_OF_ITS_OWN.stream().anyMatch(token.header()::has)) {
      return new Verdict.Refused<>(Refusal.EMBEDDED_KEY, kid, null);
    }
    if (kid == null || !IssuerKey.isName(kid)) {
      return new Verdict.Refused<>(Refusal.BAD_KEY_ID, kid, null);
    }
    String algorithm = token.algorithm();
    if (algorithm == null || !algorithms.contains(algorithm)) {
      return new Verdict.Refused<>(Refusal.WRONG_ALGORITHM, kid, null);
    }
    Verdict<IssuerKey> found = keys.find(kid);
    if (!(found instanceof Verdict.Accepted<IssuerKey> accepted)) {
      return found;
    }
    IssuerKey key = accepted.value();
    if (!key.algorithm().getName().equals(algorithm)) {
      return new Verdict.Refused<>(Refusal.WRONG_ALGORITHM, kid, null);
    }
    return key.hasSigned(token) ? found : new Verdict.Refused<>(Refusal.BAD_SIGNATURE, kid, null);
  }
}
