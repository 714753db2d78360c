/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.util.Set;
import java.util.function.Consumer;
import rowlock.api.audit.Refusal;

/**
 * Verifies signatures of the issuer, independently of the content and the purpose of the signed
 * object (RFC 8725 §3.1 to §3.3).
 */
final class IssuerSignature {
  /** Header parameters with which a token names its own key (RFC 7515 §4.1). */
  private static final Set<String> KEYS_OF_ITS_OWN = Set.of("jwk", "jku", "x5u", "x5c");

  private final Set<String> algorithms;
  private final IssuerKeys keys;

  /**
   * @param algorithms the allowed {@code alg} headers
   * @param keys the keys of the issuer
   */
  IssuerSignature(Set<String> algorithms, IssuerKeys keys) {
    this.algorithms = algorithms;
    this.keys = keys;
  }

  /** Returns the key that signed the token, or the reason why there is none. */
  Verdict<IssuerKey> check(CompactForm token) {
    return check(token, key -> {});
  }

  /**
   * Returns the key that signed the token, or the reason why there is none.
   *
   * @param rejection receives the key that the token names, if it has not signed the token
   */
  Verdict<IssuerKey> check(CompactForm token, Consumer<IssuerKey> rejection) {
    var kid = token.kid();
    // This API supports no extensions (RFC 7515 §4.1.11). "b64" is only valid together with
    // "crit" (RFC 7797 §6).
    if (token.header().has("crit") || token.header().has("b64")) {
      return new Verdict.Refused<>(Refusal.CRITICAL_HEADER, kid, null);
    }
    if (KEYS_OF_ITS_OWN.stream().anyMatch(token.header()::has)) {
      return new Verdict.Refused<>(Refusal.EMBEDDED_KEY, kid, null);
    }
    if (kid == null || !IssuerKey.isName(kid)) {
      return new Verdict.Refused<>(Refusal.BAD_KEY_ID, kid, null);
    }
    var algorithm = token.algorithm();
    if (algorithm == null || !algorithms.contains(algorithm)) {
      return new Verdict.Refused<>(Refusal.WRONG_ALGORITHM, kid, null);
    }
    var found = keys.find(kid);
    if (!(found instanceof Verdict.Accepted<IssuerKey> accepted)) {
      return found;
    }
    var key = accepted.value();
    if (!key.algorithm().getName().equals(algorithm)) {
      return new Verdict.Refused<>(Refusal.WRONG_ALGORITHM, kid, null);
    }
    if (key.hasSigned(token)) {
      return found;
    }
    rejection.accept(key);
    return new Verdict.Refused<>(Refusal.BAD_SIGNATURE, kid, null);
  }
}
