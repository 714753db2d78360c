/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.issuer;

/** An ID token that is not one of the login whose tokens were refreshed. */
final class InvalidIdTokenException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * @param claim the name of what is invalid; values are not part of the message
   */
  InvalidIdTokenException(String claim) {
    super(claim);
  }
}
