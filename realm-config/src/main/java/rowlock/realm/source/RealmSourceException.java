/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.source;

/**
 * Reports an error in the realm's source or in the value of a placeholder. The message is one line
 * with the file, the property or variable, and the reason. It never contains the value of a
 * placeholder.
 */
public final class RealmSourceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Names a file, or a value that is not in a file, and the reason. */
  public RealmSourceException(String file, String reason) {
    super(file + ": " + reason.replaceAll("\\R\\s*", " "));
  }
}
