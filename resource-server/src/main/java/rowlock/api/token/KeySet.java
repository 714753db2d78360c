/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import java.math.BigInteger;
import java.text.ParseException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * The usable keys of one response of the issuer (RFC 7517 §5). A usable key is public, for
 * signatures, strong, and has a unique {@code kid} and one allowed algorithm. Others are left out.
 *
 * @param keys by {@code kid}
 * @param fetchedAt the time of the response
 */
record KeySet(Map<String, IssuerKey> keys, Instant fetchedAt) {

  private static final Logger log = LoggerFactory.getLogger(KeySet.class);
  private static final int MAX_ENTRIES = 32;
  private static final int MAX_KEYS = 10;
  private static final int MIN_RSA_BITS = 2048;
  private static final int MAX_RSA_BITS = 8192;

  /** F4, the usual public exponent. Exponents of 1 or 3 are insecure. */
  private static final BigInteger MIN_EXPONENT = BigInteger.valueOf(65_537);

  KeySet {
    keys = Map.copyOf(keys);
  }

  @Nullable IssuerKey find(String kid) {
    return keys.get(kid);
  }

  /**
   * Reads a key set.
   *
   * @return the usable keys, possibly none; null if the document is not a key set with any key
   */
  static @Nullable KeySet read(byte[] document, Set<String> algorithms, Instant fetchedAt) {
    var set = StrictJsonObject.read(document);
    JsonNode entries = set == null ? null : set.get("keys");
    if (entries == null
        || !entries.isArray()
        || entries.size() > MAX_ENTRIES
        || entries.valueStream().noneMatch(entry -> entry.path("kty").isString())) {
      return null;
    }
    Map<String, IssuerKey> keys = new HashMap<>();
    Set<String> ambiguous = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (var entry : entries) {
      var kid = entry.path("kid").asString("");
      if (!names.add(kid)) {
        ambiguous.add(kid); // the kid is not unique
      }
      var key = key(entry, algorithms);
      if (key != null) {
        keys.put(kid, key);
      }
    }
    keys.keySet().removeAll(ambiguous);
    return keys.size() > MAX_KEYS ? null : new KeySet(keys, fetchedAt);
  }

  private static @Nullable IssuerKey key(JsonNode entry, Set<String> algorithms) {
    try {
      if (!entry.isObject()) {
        return null; // JWK.parse fails on "null" with another exception
      }
      var jwk = JWK.parse(entry.toString());
      var kid = jwk.getKeyID();
      if (kid == null
          || !IssuerKey.isName(kid)
          || jwk.isPrivate()
          || !KeyUse.SIGNATURE.equals(jwk.getKeyUse())
          || jwk.getAlgorithm() == null
          || !algorithms.contains(jwk.getAlgorithm().getName())
          || !mayVerify(jwk)) {
        return null;
      }
      var algorithm = JWSAlgorithm.parse(jwk.getAlgorithm().getName());
      var verifier = verifier(jwk, algorithm);
      return verifier == null
          ? null
          : new IssuerKey(kid, algorithm, jwk.computeThumbprint().toString(), verifier);
    } catch (ParseException | JOSEException | IllegalArgumentException | IllegalStateException e) {
      log.debug("Ignored an unreadable key of the issuer");
      return null;
    }
  }

  /** Returns a verifier for a strong public key and one algorithm; null if they do not match. */
  static @Nullable JWSVerifier verifier(JWK jwk, JWSAlgorithm algorithm) throws JOSEException {
    JWSVerifier verifier =
        switch (jwk) {
          case RSAKey rsa -> isStrong(rsa) ? new RSASSAVerifier(rsa.toRSAPublicKey()) : null;
          case ECKey ec -> new ECDSAVerifier(ec.toECPublicKey());
          default -> null;
        };
    return verifier != null && verifier.supportedJWSAlgorithms().contains(algorithm)
        ? verifier
        : null;
  }

  /** Returns whether {@code key_ops}, if present, contains verify (RFC 7517 §4.3). */
  static boolean mayVerify(JWK jwk) {
    return jwk.getKeyOperations() == null || jwk.getKeyOperations().contains(KeyOperation.VERIFY);
  }

  private static boolean isStrong(RSAKey rsa) throws JOSEException {
    var modulus = rsa.toRSAPublicKey().getModulus();
    var exponent = rsa.toRSAPublicKey().getPublicExponent();
    return modulus.bitLength() >= MIN_RSA_BITS
        && modulus.bitLength() <= MAX_RSA_BITS
        && !RocaFingerprint.matches(modulus)
        && exponent.testBit(0)
        && exponent.compareTo(MIN_EXPONENT) >= 0
        && exponent.bitLength() <= 64;
  }
}
