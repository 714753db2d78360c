/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.issuer;

/** Thrown if a refresh returns an ID token that does not match the login. */
final class InvalidIdTokenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param claim name of the invalid claim; the message contains no claim values
   */
  InvalidIdTokenException(String claim) {
    super(claim);
  }
}
