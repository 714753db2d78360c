/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.login;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.math.BigInteger;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;

/**
 * Represents a client's key and signs its proofs (RFC 9449 §4.2), with ES256. Tokens that are
 * requested with a proof are usable with the key only.
 */
public final class DpopKey {
  private static final int COORDINATE_BYTES = 32;

  private final KeyPair pair;

  private DpopKey(KeyPair pair) {
    this.pair = pair;
  }

  /** Generates a key on the curve P-256. */
  public static DpopKey generate() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return new DpopKey(generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("P-256 is unavailable", e);
    }
  }

  /** Returns a proof for the token endpoint. */
  public String proof(String method, URI target) {
    return sign(claims(method, target) + "}");
  }

  /** Returns a proof for a resource server, which is sent with an access token. */
  public String proof(String method, URI target, String accessToken) {
    return sign(claims(method, target) + ",\"ath\":\"" + sha256(accessToken) + "\"}");
  }

  /**
   * Returns the thumbprint, the value of {@code cnf.jkt} in a bound token (RFC 7638, RFC 9449
   * §6.1).
   */
  public String thumbprint() {
    return sha256(jwk());
  }

  private static String claims(String method, URI target) {
    return "{\"jti\":\"%s\",\"htm\":\"%s\",\"htu\":\"%s\",\"iat\":%d"
        .formatted(UUID.randomUUID(), method, target, Instant.now().getEpochSecond());
  }

  private String sign(String claims) {
    var header = "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":" + jwk() + "}";
    var signed = base64Url(header.getBytes(US_ASCII)) + "." + base64Url(claims.getBytes(US_ASCII));
    try {
      var signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initSign(pair.getPrivate());
      signature.update(signed.getBytes(US_ASCII));
      return signed + "." + base64Url(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("ES256 is unavailable", e);
    }
  }

  /** Returns the members in the order of RFC 7638 §3.2, without spaces. */
  private String jwk() {
    var point = ((ECPublicKey) pair.getPublic()).getW();
    return "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"%s\",\"y\":\"%s\"}"
        .formatted(coordinate(point.getAffineX()), coordinate(point.getAffineY()));
  }

  private static String coordinate(BigInteger value) {
    var bytes = value.toByteArray();
    var fixed = new byte[COORDINATE_BYTES];
    var length = Math.min(bytes.length, COORDINATE_BYTES);
    System.arraycopy(bytes, bytes.length - length, fixed, COORDINATE_BYTES - length, length);
    return base64Url(fixed);
  }

  private static String sha256(String text) {
    try {
      return base64Url(MessageDigest.getInstance("SHA-256").digest(text.getBytes(US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("SHA-256 is unavailable", e);
    }
  }

  private static String base64Url(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Omits the key. */
  @Override
  public String toString() {
    return "DpopKey";
  }
}
