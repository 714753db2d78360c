/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.input;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Decodes percent-encoded text (RFC 3986 §2.1) strictly. Linear in the length of the text. */
final class EncodedText {
  private static final int HEX = 16;

  private EncodedText() {}

  /**
   * Returns the decoded text, or null if an escape is incomplete or the bytes are not UTF-8.
   *
   * @param encoded one byte for each character, or characters beyond ASCII unchanged
   * @param plusIsSpace as in a query or a form
   */
  static @Nullable String decode(String encoded, boolean plusIsSpace) {
    var bytes = new ByteArrayOutputStream(encoded.length());
    for (var i = 0; i < encoded.length(); i++) {
      var c = encoded.charAt(i);
      if (c == '%') {
        if (i + 2 >= encoded.length()) {
          return null;
        }
        var high = Character.digit(encoded.charAt(i + 1), HEX);
        var low = Character.digit(encoded.charAt(i + 2), HEX);
        if (high < 0 || low < 0) {
          return null;
        }
        bytes.write(high * HEX + low);
        i += 2;
      } else if (c > 0xff) {
        return null;
      } else {
        bytes.write(c == '+' && plusIsSpace ? ' ' : c);
      }
    }
    return utf8(bytes.toByteArray());
  }

  /**
   * Returns the text, or null if it is not UTF-8, unpaired surrogates and overlong forms included.
   */
  static @Nullable String utf8(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** Returns whether the text contains a control character (C0 or DEL). */
  static boolean hasControl(String text) {
    return text.chars().anyMatch(c -> c < ' ' || c == 0x7f);
  }
}
