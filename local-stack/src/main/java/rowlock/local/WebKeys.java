/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.function.Supplier;
import rowlock.local.cache.Secrets;
import rowlock.local.cache.StateDirectory;
import rowlock.local.system.StackFailure;

/** The keys of the browser client's backend, made once, in files that only their owner can read. */
final class WebKeys {
  private static final int RSA_BITS = 3072;
  private static final int SESSION_KEY_BYTES = 32;

  private WebKeys() {}

  /** An RSA key in PEM (PKCS #8). */
  static Path clientKey(StateDirectory state) {
    return provide(state.password("task-web-client-key.pem"), WebKeys::newClientKey);
  }

  /** Thirty-two random bytes in Base64. */
  static Path sessionKey(StateDirectory state) {
    return provide(state.password("task-web-session-key"), WebKeys::newSessionKey);
  }

  private static Path provide(Path file, Supplier<String> key) {
    try {
      if (!Files.exists(file)) {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Secrets.write(file, key.get());
      }
      return file;
    } catch (IOException e) {
      throw StackFailure.writing(file, e);
    }
  }

  private static String newClientKey() {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(RSA_BITS);
      var key = generator.generateKeyPair().getPrivate().getEncoded();
      var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key);
      return "-----BEGIN PRIVATE KEY-----\n" + lines + "\n-----END PRIVATE KEY-----\n";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has RSA", e);
    }
  }

  private static String newSessionKey() {
    var key = new byte[SESSION_KEY_BYTES];
    new SecureRandom().nextBytes(key);
    return Base64.getEncoder().encodeToString(key);
  }
}
