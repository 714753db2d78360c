/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.keycloak.crypto.KeyUse;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * HMAC-SHA256 under a key that only this realm's servers have. The key is derived, for one purpose,
 * from the realm's active secret for its own tokens, and changes when that secret is rotated.
 */
public final class RealmMac {
  private static final String ALGORITHM = "HmacSHA256";

  private RealmMac() {}

  /**
   * Authenticates a text.
   *
   * @param purpose separates the codes of different uses
   * @return 32 bytes
   */
  public static byte[] of(KeycloakSession session, RealmModel realm, String purpose, String text) {
    var key =
        session
            .keys()
            .getActiveKey(realm, KeyUse.SIG, Constants.INTERNAL_SIGNATURE_ALGORITHM)
            .getSecretKey();
    return mac(new SecretKeySpec(mac(key, purpose), ALGORITHM), text);
  }

  private static byte[] mac(SecretKey key, String text) {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java has " + ALGORITHM, e);
    }
  }
}
