/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.login;

import org.jspecify.annotations.Nullable;

/**
 * State of a login while the user is at the issuer's pages.
 *
 * @param state binds the authorization response to this browser (RFC 6749 §10.12)
 * @param nonce binds the ID token to it (OpenID Connect Core 1.0 section 15.5.2)
 * @param verifier binds the code to it (RFC 7636)
 * @param destination path of this server to return to
 * @param action requested account action, or null
 * @param startedAt seconds since 1970
 */
record LoginAttempt(
    String state,
    String nonce,
    String verifier,
    String destination,
    @Nullable String action,
    long startedAt) {

  /** Omits the secrets. */
  @Override
  public String toString() {
    return "LoginAttempt";
  }
}
