/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.login;

import org.jspecify.annotations.Nullable;

/**
 * What has to be remembered while somebody is away at the issuer's pages.
 *
 * @param state ties the answer to this browser (RFC 6749 section 10.12)
 * @param nonce ties the ID token to it (OpenID Connect Core 1.0 section 15.5.2)
 * @param verifier ties the code to it (RFC 7636)
 * @param destination a path of this server
 * @param action what was asked for besides, or null
 * @param startedAt seconds
 */
record LoginAttempt(
    String state,
    String nonce,
    String verifier,
    String destination,
    @Nullable String action,
    long startedAt) {

  /** Without what is secret. */
  @Override
  public String toString() {
    return "LoginAttempt";
  }
}
