/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.login;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where the browser goes after the sign-in: a path of this server, whatever was asked for. */
final class Destination {

  static final String HOME = "/";

  // One slash and no second, no backslash (which browsers take for one), nothing that is not
  // visible
  // ASCII: tabs and line breaks inside an address are dropped by browsers, and "/\t/host" is
  // "//host".
  private static final Pattern OWN_PATH =
      Pattern.compile("/(?:[\\x21-\\x7e&&[^/\\\\]][\\x21-\\x7e&&[^\\\\]]*)?");

  /** Paths that do something, or show nothing; a link must not lead there by way of a login. */
  private static final Pattern NOT_A_PAGE =
      Pattern.compile("/(?:login|logout|api|account|session)(?:[/?#;%].*)?");

  private static final int LONGEST = 512;

  private Destination() {}

  static String of(@Nullable String wanted) {
    return wanted != null
            && wanted.length() <= LONGEST
            && OWN_PATH.matcher(wanted).matches()
            && !NOT_A_PAGE.matcher(wanted).matches()
        ? wanted
        : HOME;
  }
}
