/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.issuer;

/** What came of a refresh (RFC 6749 section 6). */
public sealed interface Refreshed {

  /** New tokens. */
  record Done(Tokens tokens) implements Refreshed {}

  /** The issuer does not know the session any more, or has ended it ({@code invalid_grant}). */
  record Refused() implements Refreshed {}

  /** The issuer is away: the session may be as good as before. */
  record Away() implements Refreshed {}
}
