/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.seal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import rowlock.web.settings.SessionSettings;

/**
 * Authenticated encryption with AES-256-GCM. The key is derived (HKDF, RFC 5869) from a key of this
 * server and a secret of the browser; both are needed to decrypt. Layout: one byte version, four
 * bytes key id of the server's key, twelve bytes nonce, ciphertext and tag.
 */
@Component
public final class Seal {
  private static final byte VERSION = 1;
  private static final int NAME_BYTES = 4;
  private static final int HEAD_BYTES = 1 + NAME_BYTES;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int KEY_BYTES = 32;

  private final SecureRandom random = new SecureRandom();
  private final List<Key> keys;

  Seal(SessionSettings settings) {
    List<Key> named = new ArrayList<>();
    settings.keys().forEach(key -> named.add(new Key(name(key), key)));
    this.keys = List.copyOf(named);
  }

  /**
   * Encrypts with the newest key.
   *
   * @param purpose separates uses: the content can only be opened for the same purpose
   * @param secret secret of the browser, needed to open the content
   * @param place identifies where the content is stored, such as a row; it cannot be opened for
   *     another place
   */
  public byte[] seal(String purpose, byte[] secret, byte[] place, byte[] content) {
    var key = keys.getFirst();
    var nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    var head = ByteBuffer.allocate(HEAD_BYTES).put(VERSION).put(key.name()).array();
    try {
      var cipher = cipher(Cipher.ENCRYPT_MODE, key, purpose, secret, nonce, head, place);
      var sealed = cipher.doFinal(content);
      return ByteBuffer.allocate(HEAD_BYTES + NONCE_BYTES + sealed.length)
          .put(head)
          .put(nonce)
          .put(sealed)
          .array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-GCM and HKDF", e);
    }
  }

  /**
   * Decrypts sealed content. Returns null if key, purpose, secret or place differ, or if the
   * content was changed.
   */
  public byte @Nullable [] open(String purpose, byte[] secret, byte[] place, byte[] sealed) {
    if (sealed.length < HEAD_BYTES + NONCE_BYTES + TAG_BITS / Byte.SIZE || sealed[0] != VERSION) {
      return null;
    }
    var head = Arrays.copyOf(sealed, HEAD_BYTES);
    var name = Arrays.copyOfRange(sealed, 1, HEAD_BYTES);
    var nonce = Arrays.copyOfRange(sealed, HEAD_BYTES, HEAD_BYTES + NONCE_BYTES);
    for (var key : keys) {
      if (Arrays.equals(key.name(), name)) {
        try {
          var cipher = cipher(Cipher.DECRYPT_MODE, key, purpose, secret, nonce, head, place);
          var start = HEAD_BYTES + NONCE_BYTES;
          return cipher.doFinal(sealed, start, sealed.length - start);
        } catch (AEADBadTagException e) {
          return null;
        } catch (GeneralSecurityException e) {
          throw new IllegalStateException("every JDK has AES-GCM and HKDF", e);
        }
      }
    }
    return null;
  }

  private static Cipher cipher(
      int mode, Key key, String purpose, byte[] secret, byte[] nonce, byte[] head, byte[] place)
      throws GeneralSecurityException {
    var derived =
        KDF.getInstance("HKDF-SHA256")
            .deriveKey(
                "AES",
                HKDFParameterSpec.ofExtract()
                    .addIKM(key.key())
                    .addSalt(secret)
                    .thenExpand(
                        ("rowlock " + purpose).getBytes(StandardCharsets.US_ASCII), KEY_BYTES));
    var cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, derived, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(head);
    cipher.updateAAD(place);
    return cipher;
  }

  /** Returns an id of the key that reveals nothing about it. */
  private static byte[] name(SecretKeySpec key) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update("rowlock key name".getBytes(StandardCharsets.US_ASCII));
      return Arrays.copyOf(digest.digest(key.getEncoded()), NAME_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Key(byte[] name, SecretKeySpec key) {}
}
