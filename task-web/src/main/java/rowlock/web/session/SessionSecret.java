/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Secret of a session in the browser's cookie: 256 random bits. The database contains its hash
 * only, so that a copy of the database opens no session.
 */
public final class SessionSecret {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int BYTES = 32;
  private static final int CHARACTERS = 43;

  private final byte[] value;
  private final String cookie;

  private SessionSecret(byte[] value) {
    this.value = value;
    this.cookie = encode(value);
  }

  static SessionSecret generate() {
    var value = new byte[BYTES];
    RANDOM.nextBytes(value);
    return new SessionSecret(value);
  }

  /** Returns the secret in the value of the cookie, or null if it is malformed. */
  static @Nullable SessionSecret parse(String text) {
    if (text.length() != CHARACTERS) {
      return null;
    }
    try {
      var secret = new SessionSecret(Base64.getUrlDecoder().decode(text));
      return secret.cookie().equals(text) ? secret : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Returns the value of the cookie. */
  String cookie() {
    return cookie;
  }

  /** Returns the primary key of the session's row. */
  byte[] id() {
    return hash("session");
  }

  /** Returns the CSRF token, from which the secret cannot be derived. */
  public String csrf() {
    return encode(hash("csrf"));
  }

  byte[] bytes() {
    return value.clone();
  }

  private byte[] hash(String purpose) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update(("rowlock " + purpose + " ").getBytes(StandardCharsets.US_ASCII));
      return digest.digest(value);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Omits the secret. */
  @Override
  public String toString() {
    return "SessionSecret";
  }
}
