/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.source;

/**
 * Names the place of a value in the source.
 *
 * @param file relative to the source folder, with slashes
 * @param line of the value, from 1
 * @param reason the comment next to the value, in one line; empty if there is none
 */
public record Origin(String file, int line, String reason) {
  /** Returns {@code FILE:LINE}. */
  public String place() {
    return file + ":" + line;
  }
}
