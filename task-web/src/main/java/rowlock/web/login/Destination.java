/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.login;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Validates the path to which the browser returns after the login. */
final class Destination {
  static final String HOME = "/";

  // One slash, no second one, no backslash (which browsers treat as a slash), and visible ASCII
  // only: browsers drop tabs and line breaks in an address, so that "/\t/host" is "//host".
  private static final Pattern OWN_PATH =
      Pattern.compile("/(?:[\\x21-\\x7e&&[^/\\\\]][\\x21-\\x7e&&[^\\\\]]*)?");

  /** Paths with an effect or without a page; a link must not reach them through a login. */
  private static final Pattern NOT_A_PAGE =
      Pattern.compile("/(?:login|logout|api|account|session)(?:[/?#;%].*)?");

  private static final int MAX_LENGTH = 512;

  private Destination() {}

  /** Returns the requested path if it is a page of this server, or else {@link #HOME}. */
  static String of(@Nullable String requested) {
    return requested != null
            && requested.length() <= MAX_LENGTH
            && OWN_PATH.matcher(requested).matches()
            && !NOT_A_PAGE.matcher(requested).matches()
        ? requested
        : HOME;
  }
}
