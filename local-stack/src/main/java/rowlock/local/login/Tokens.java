/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.login;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Contains the response of the token endpoint (RFC 6749 §5.1).
 *
 * @param accessToken for the resource server
 * @param type {@code Bearer}, or {@code DPoP} for a token that is bound to a key
 * @param refreshToken or null if none was issued
 * @param idToken for the client (OpenID Connect), or null if none was requested
 * @param expiresIn lifetime of the access token
 */
public record Tokens(
    String accessToken,
    String type,
    @Nullable String refreshToken,
    @Nullable String idToken,
    Duration expiresIn) {

  /**
   * Returns the refresh token.
   *
   * @throws IllegalStateException if there is none
   */
  public String requireRefreshToken() {
    if (refreshToken == null) {
      throw new IllegalStateException("The token endpoint returned no refresh token");
    }
    return refreshToken;
  }

  /** Omits the tokens: they are credentials and must not reach a log. */
  @Override
  public String toString() {
    return "Tokens[type=" + type + ", expiresIn=" + expiresIn + "]";
  }
}
