/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.issuer;

/** What came of a refresh (RFC 6749 section 6). */
public sealed interface Refreshed {

  /**
   * New tokens.
   *
   * @param identity with the claims of the new ID token
   */
  record Done(Tokens tokens, Identity identity) implements Refreshed {}

  /**
   * The issuer does not know the session any more, or has ended it ({@code invalid_grant}); or it
   * returned an ID token of another login.
   */
  record Refused() implements Refreshed {}

  /** The issuer is away: the session may be as good as before. */
  record Away() implements Refreshed {}
}
