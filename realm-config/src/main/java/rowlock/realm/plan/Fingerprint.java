/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.plan;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.NoSuchAlgorithmException;
import java.security.spec.InvalidKeySpecException;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import rowlock.realm.model.ObjectKey;

/**
 * Computes fingerprints of secret values, which show that a value has changed and not what it is. A
 * weak value could be guessed from its fingerprint, so the computation is slow, and the field is
 * the salt.
 */
final class Fingerprint {
  private static final String ALGORITHM = "PBKDF2WithHmacSHA256";
  private static final int ITERATIONS = 100_000;
  private static final int BITS = 128;

  private Fingerprint() {}

  static String field(ObjectKey object, String path) {
    return object + " " + path;
  }

  static String of(String field, String value) {
    var spec = new PBEKeySpec(value.toCharArray(), field.getBytes(UTF_8), ITERATIONS, BITS);
    try {
      var hash = SecretKeyFactory.getInstance(ALGORITHM).generateSecret(spec).getEncoded();
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException | InvalidKeySpecException e) {
      throw new IllegalStateException(ALGORITHM + " is unavailable", e);
    } finally {
      spec.clearPassword();
    }
  }
}
