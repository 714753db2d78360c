/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.input;

/** Detects NUL in JSON, the one character that no column of the database can store. */
final class JsonText {
  private static final String NUL = "\\u0000";

  private JsonText() {}

  /** Returns whether a text in the document contains NUL, escaped or not. */
  static boolean hasNul(String json) {
    if (json.indexOf('\0') >= 0) {
      return true;
    }
    for (var at = json.indexOf(NUL); at >= 0; at = json.indexOf(NUL, at + 1)) {
      var backslashes = 0;
      while (at - backslashes > 0 && json.charAt(at - backslashes - 1) == '\\') {
        backslashes++;
      }
      // an even number of preceding backslashes escape each other
      if (backslashes % 2 == 0) {
        return true;
      }
    }
    return false;
  }
}
