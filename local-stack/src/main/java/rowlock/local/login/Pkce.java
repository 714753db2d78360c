/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.login;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/** Implements Proof Key for Code Exchange with S256 (RFC 7636 §4). */
record Pkce(String verifier) {
  private static final int RANDOM_BYTES = 32;

  static Pkce generate() {
    return new Pkce(random());
  }

  /** Returns a random value that is safe in URLs. */
  static String random() {
    var bytes = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(bytes);
    return base64Url(bytes);
  }

  String challenge() {
    try {
      return base64Url(MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is unavailable", e);
    }
  }

  private static String base64Url(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public String toString() {
    return "Pkce";
  }
}
