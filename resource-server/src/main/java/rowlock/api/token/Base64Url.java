/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.util.Base64;

/**
 * Base64url with exactly one spelling per value (RFC 7515 §2, RFC 4648 §3.5): no padding, no
 * foreign characters, no unused bits set. Two spellings of one token would be two tokens in a
 * comparison of texts.
 */
final class Base64Url {
  private Base64Url() {}

  /** Returns whether the characters from start (inclusive) to end (exclusive) are canonical. */
  static boolean isCanonical(String text, int start, int end) {
    if (start >= end) {
      return false;
    }
    for (var i = start; i < end; i++) {
      if (valueOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    var last = valueOf(text.charAt(end - 1));
    return switch ((end - start) % 4) {
      case 0 -> true;
      case 2 -> (last & 0b1111) == 0;
      case 3 -> (last & 0b11) == 0;
      default -> false;
    };
  }

  /** Decodes text for which {@link #isCanonical} is true. */
  static byte[] decode(String canonical) {
    return Base64.getUrlDecoder().decode(canonical);
  }

  private static int valueOf(char c) {
    if (c >= 'A' && c <= 'Z') {
      return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
      return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
      return c - '0' + 52;
    }
    return c == '-' ? 62 : c == '_' ? 63 : -1;
  }
}
