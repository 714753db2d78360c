/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.request;

/**
 * Texts that Spring Security's {@code StrictHttpFirewall} allows by default. In header lines these
 * are the characters that are assigned in Unicode and are no control characters. Of paths it
 * recognises the usual ones only. A loop costs less than the regular expressions and searches of
 * the firewall, which each request would evaluate.
 */
public final class PlainText {
  private PlainText() {}

  static boolean isHeaderName(String text) {
    return isPlain(text, false);
  }

  /** Returns whether a value is allowed; unlike a name it may contain tabs. */
  static boolean isHeaderValue(String text) {
    return isPlain(text, true);
  }

  /**
   * Returns whether a path consists of ASCII letters, digits, hyphens, underscores, and slashes
   * that do not follow each other.
   */
  public static boolean isPath(String path) {
    var previous = ' ';
    for (var i = 0; i < path.length(); i++) {
      var c = path.charAt(i);
      var plain =
          c >= 'a' && c <= 'z'
              || c >= '0' && c <= '9'
              || c >= 'A' && c <= 'Z'
              || c == '-'
              || c == '_'
              || c == '/' && previous != '/';
      if (!plain) {
        return false;
      }
      previous = c;
    }
    return true;
  }

  private static boolean isPlain(String text, boolean tabs) {
    for (var i = 0; i < text.length(); ) {
      var c = text.codePointAt(i);
      var allowed =
          c < 0x80
              ? c >= ' ' && c < 0x7F || tabs && c == '\t'
              : Character.isDefined(c) && !Character.isISOControl(c);
      if (!allowed) {
        return false;
      }
      i += Character.charCount(c);
    }
    return true;
  }
}
