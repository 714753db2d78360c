/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.login;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the token endpoint answered (RFC 6749 §5.1).
 *
 * @param accessToken for the resource server
 * @param type how it may be used: {@code Bearer}, or {@code DPoP} when it is bound to a key
 * @param refreshToken for the next tokens, or null if none was given
 * @param idToken for the client (OpenID Connect), or null if none was asked for
 * @param expiresIn lifetime of the access token
 */
public record Tokens(
    String accessToken,
    String type,
    @Nullable String refreshToken,
    @Nullable String idToken,
    Duration expiresIn) {

  /** The refresh token. @throws IllegalStateException if there is none */
  public String requireRefreshToken() {
    if (refreshToken == null) {
      throw new IllegalStateException("The token endpoint gave no refresh token");
    }
    return refreshToken;
  }

  /** Without the tokens: they are credentials and must not end in a log. */
  @Override
  public String toString() {
    return "Tokens[type=" + type + ", expiresIn=" + expiresIn + "]";
  }
}
