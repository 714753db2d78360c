/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.relay;

import java.util.regex.Pattern;
import rowlock.request.PlainText;

/**
 * Decides which paths are relayed: below {@code /api/}, without empty or dot segments, and without
 * ambiguous characters. Percent-encoding is allowed except for slash, backslash, dot, percent sign
 * and control characters (RFC 3986 §3.3).
 */
final class RelayPath {
  private static final String API = "/api/";

  // possessive quantifiers, because backtracking needs a stack frame for each repetition
  private static final Pattern ALLOWED =
      Pattern.compile(
          "/api(?:/(?!\\.{1,2}(?:/|$))(?:[A-Za-z0-9._~!$&'()*+,=:@-]"
              + "|%(?!2[EeFf5]|5[Cc]|[01][0-9A-Fa-f]|7[Ff])[0-9A-Fa-f]{2})++)++");

  private RelayPath() {}

  static boolean isAllowed(String path) {
    // the usual paths need no regular expression
    return PlainText.isPath(path) && path.startsWith(API) && !path.endsWith("/")
        || ALLOWED.matcher(path).matches();
  }
}
