/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

/**
 * Invisible characters: white space, no-break spaces, and format characters such as the zero width
 * space, which are common in pasted text.
 */
final class Blanks {
  private Blanks() {}

  /** Returns whether the text has no other characters. */
  static boolean isBlank(String text) {
    return text.codePoints().allMatch(Blanks::isBlank);
  }

  /** Returns the text without such characters at its ends. */
  static String strip(String text) {
    var start = 0;
    while (start < text.length() && isBlank(text.codePointAt(start))) {
      start += Character.charCount(text.codePointAt(start));
    }
    var end = text.length();
    while (end > start && isBlank(text.codePointBefore(end))) {
      end -= Character.charCount(text.codePointBefore(end));
    }
    return text.substring(start, end);
  }

  private static boolean isBlank(int c) {
    return Character.isWhitespace(c)
        || Character.isSpaceChar(c)
        || Character.getType(c) == Character.FORMAT;
  }
}
