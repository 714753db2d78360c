/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product;

import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import rowlock.local.LocalStack;

/** Generates the keys of task-api and task-web once and keeps them in the local stack. */
final class StackKeys {
  private static final int RSA_BITS = 3072;
  private static final int SESSION_KEY_BYTES = 32;

  private StackKeys() {}

  /** Returns the file with the private key of task-api, an RSA key in PEM (PKCS #8). */
  static Path apiClientKey(LocalStack stack) {
    return stack.secretFile("task-api-client-key.pem", StackKeys::newClientKey);
  }

  /** Returns the file with the private key of task-web, an RSA key in PEM (PKCS #8). */
  static Path webClientKey(LocalStack stack) {
    return stack.secretFile("task-web-client-key.pem", StackKeys::newClientKey);
  }

  /** Returns the file with the key that seals sessions, 32 random bytes in Base64. */
  static Path sessionKey(LocalStack stack) {
    return stack.secretFile("task-web-session-key", StackKeys::newSessionKey);
  }

  private static String newClientKey() {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(RSA_BITS);
      var key = generator.generateKeyPair().getPrivate().getEncoded();
      var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key);
      return "-----BEGIN PRIVATE KEY-----\n" + lines + "\n-----END PRIVATE KEY-----\n";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("RSA is unavailable", e);
    }
  }

  private static String newSessionKey() {
    var key = new byte[SESSION_KEY_BYTES];
    new SecureRandom().nextBytes(key);
    return Base64.getEncoder().encodeToString(key);
  }
}
