/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.issuer;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.List;
import org.springframework.security.converter.RsaKeyConverters;
import rowlock.settings.InvalidSettingException;

/**
 * The keys with which this server proves to the issuer who it is (RFC 7523 section 2.2). The first
 * signs; the others are published too, so that a key can be changed without a gap.
 */
final class ClientKeys {

  private static final String VARIABLE = "ROWLOCK_WEB_CLIENT_KEY_FILE";
  private static final String END = "-----END PRIVATE KEY-----";
  private static final int LEAST_BITS = 2048;

  private final List<RSAKey> keys;

  private ClientKeys(List<RSAKey> keys) {
    this.keys = List.copyOf(keys);
  }

  /**
   * Reads the private keys of a file.
   *
   * @throws InvalidSettingException when there are none, or weak ones
   */
  static ClientKeys read(Path file) {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.US_ASCII);
    } catch (IOException unreadable) {
      throw new InvalidSettingException(
          VARIABLE, "names a file that cannot be read: " + file + ".");
    }
    List<RSAKey> keys = new ArrayList<>();
    for (int start = 0, end; (end = text.indexOf(END, start)) >= 0; start = end + END.length()) {
      keys.add(key(text.substring(start, end + END.length()).strip()));
    }
    if (keys.isEmpty()) {
      throw unusable();
    }
    return new ClientKeys(keys);
  }

  /** The key that signs. */
  RSAKey signing() {
    return keys.getFirst();
  }

  /** The public halves (RFC 7517 section 5). */
  String published() {
    return new JWKSet(List.copyOf(keys)).toPublicJWKSet().toString();
  }

  private static RSAKey key(String pem) {
    try {
      byte[] bytes = pem.getBytes(StandardCharsets.US_ASCII);
      if (!(RsaKeyConverters.pkcs8().convert(new ByteArrayInputStream(bytes))
          instanceof RSAPrivateCrtKey secret)) {
        throw unusable();
      }
      if (secret.getModulus().bitLength() < LEAST_BITS) {
        throw new InvalidSettingException(
            VARIABLE, "holds a key of less than " + LEAST_BITS + " bits.");
      }
      PublicKey open =
          KeyFactory.getInstance("RSA")
              .generatePublic(
                  new RSAPublicKeySpec(secret.getModulus(), secret.getPublicExponent()));
      return new RSAKey.Builder((RSAPublicKey) open)
          .privateKey(secret)
          .keyUse(KeyUse.SIGNATURE)
          .algorithm(JWSAlgorithm.PS256)
          .keyIDFromThumbprint()
          .build();
    } catch (GeneralSecurityException | JOSEException | RuntimeException unreadable) {
      if (unreadable instanceof InvalidSettingException known) {
        throw known;
      }
      throw unusable();
    }
  }

  private static InvalidSettingException unusable() {
    return new InvalidSettingException(
        VARIABLE,
        "names a file without an RSA private key (PEM, PKCS #8). Make one: openssl genpkey"
            + " -algorithm RSA -pkeyopt rsa_keygen_bits:3072");
  }
}
