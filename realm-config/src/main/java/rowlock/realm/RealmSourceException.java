/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

/**
 * The realm's source, or a value for one of its placeholders, is wrong. The message is one line
 * that names the file, the property or variable and what is wrong with it; it never holds a
 * placeholder's value.
 */
public final class RealmSourceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RealmSourceException(String file, String reason) {
    super(file + ": " + reason.replaceAll("\\R\\s*", " "));
  }
}
