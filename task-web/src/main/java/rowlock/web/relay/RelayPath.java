/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.relay;

import java.util.regex.Pattern;

/**
 * The paths that are relayed: below {@code /api/}, in segments that are neither empty nor dots, of
 * characters that mean themselves. A percent sign may encode anything but a slash, a backslash, a
 * dot, a percent sign or a control character (RFC 3986 section 3.3).
 */
final class RelayPath {

  // Possessive: a repeated group that may give characters back needs a stack frame for each repeat.
  private static final Pattern ALLOWED =
      Pattern.compile(
          "/api(?:/(?!\\.{1,2}(?:/|$))(?:[A-Za-z0-9._~!$&'()*+,=:@-]"
              + "|%(?!2[EeFf5]|5[Cc]|[01][0-9A-Fa-f]|7[Ff])[0-9A-Fa-f]{2})++)++");

  private RelayPath() {}

  static boolean isAllowed(String path) {
    return ALLOWED.matcher(path).matches();
  }
}
