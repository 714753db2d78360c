/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;

/**
 * A public signing key of the issuer, and the only algorithm that it is used with.
 *
 * @param kid its name in the issuer's key set
 * @param algorithm the {@code alg} of the key; a token that names another one is refused
 * @param thumbprint SHA-256 thumbprint of the key (RFC 7638): independent of its {@code kid}
 * @param verifier checks signatures with this key
 */
record IssuerKey(String kid, JWSAlgorithm algorithm, String thumbprint, JWSVerifier verifier) {

  private static final int MAX_NAME = 64;

  /** Returns whether a {@code kid} is short visible ASCII, because it is looked up and logged. */
  static boolean isName(String kid) {
    return !kid.isEmpty()
        && kid.length() <= MAX_NAME
        && kid.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }

  /** Returns whether the signature of the token is valid. */
  boolean hasSigned(CompactForm token) {
    try {
      return verifier.verify(
          new JWSHeader(algorithm),
          token.signingInput().getBytes(StandardCharsets.US_ASCII),
          new Base64URL(token.signature()));
    } catch (JOSEException e) {
      throw new IllegalStateException("A key that was accepted cannot verify", e);
    }
  }

  /** Returns whether both are the same key with the same {@code kid}. */
  boolean isSameAs(IssuerKey other) {
    return kid.equals(other.kid)
        && algorithm.equals(other.algorithm)
        && thumbprint.equals(other.thumbprint);
  }
}
