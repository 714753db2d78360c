/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.issuer;

/** Result of a refresh (RFC 6749 §6). */
public sealed interface RefreshResult {
  /**
   * The issuer returned new tokens.
   *
   * @param identity identity with the claims of the new ID token
   */
  record Done(Tokens tokens, Identity identity) implements RefreshResult {}

  /**
   * The session has ended at the issuer ({@code invalid_grant}), or the issuer returned an ID token
   * of another login.
   */
  record Refused() implements RefreshResult {}

  /** The issuer is unavailable; the session may still be valid. */
  record Unavailable() implements RefreshResult {}
}
