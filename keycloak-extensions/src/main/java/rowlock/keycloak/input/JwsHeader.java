/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.input;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The first part of a token in compact form (RFC 7515 §7.1). */
final class JwsHeader {
  private static final int PREFIX = 8;

  private JwsHeader() {}

  /**
   * Returns whether the text has the three parts of a signed token and the first is not a JSON
   * object. Any other text is not a signed token and is left to the server.
   */
  static boolean isMalformed(String token) {
    var first = token.indexOf('.');
    var second = token.indexOf('.', first + 1);
    if (first < 0 || second < 0 || token.indexOf('.', second + 1) >= 0) {
      return false;
    }
    try {
      var prefix = Base64.getUrlDecoder().decode(token.substring(0, Math.min(first, PREFIX)));
      return !new String(prefix, StandardCharsets.ISO_8859_1).stripLeading().startsWith("{");
    } catch (IllegalArgumentException e) {
      return true;
    }
  }
}
