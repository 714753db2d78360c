/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

/**
 * An application's database and its two users. The application's migration makes the role that
 * serves requests, under the name and password given here.
 *
 * @param jdbcUrl of the database
 * @param user serves requests
 * @param password of that user
 * @param migrationUser owns the database and may create roles
 * @param migrationPassword of that user
 */
public record ApplicationDatabase(
    String jdbcUrl, String user, String password, String migrationUser, String migrationPassword) {
  /** Returns the URL and the users, without the passwords. */
  @Override
  public String toString() {
    return user + " and " + migrationUser + " at " + jdbcUrl;
  }
}
