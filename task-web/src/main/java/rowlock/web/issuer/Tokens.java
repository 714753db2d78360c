/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.issuer;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;

/**
 * Tokens of a token response (RFC 6749 §5.1).
 *
 * @param access access token for the API
 * @param refreshAt time from which the access token is refreshed before use
 * @param expiresAt expiry of the access token
 * @param refresh refresh token
 * @param life lifetime of the refresh token, counted from its issue; the session lives as long
 */
public record Tokens(
    String access, Instant refreshAt, Instant expiresAt, String refresh, Duration life) {

  private static final Duration AHEAD = Duration.ofSeconds(30);
  private static final int SHARE_AHEAD = 5;

  // the maximum that OWASP recommends for idle sessions of low risk; Keycloak always sends its own
  private static final Duration DEFAULT_LIFE = Duration.ofMinutes(30);

  /**
   * Reads a token response.
   *
   * @param more further members of the response. Keycloak's {@code refresh_expires_in} is the time
   *     until the session is idle for too long or reaches its maximum age, whichever is sooner
   * @throws IssuerUnavailableException if the response has no refresh token or no expiry
   */
  public static Tokens of(
      OAuth2AccessToken access, @Nullable OAuth2RefreshToken refresh, Map<String, Object> more) {
    var issuedAt = access.getIssuedAt();
    var expiresAt = access.getExpiresAt();
    if (refresh == null || issuedAt == null || expiresAt == null) {
      throw new IssuerUnavailableException("Token response has no refresh token or no expires_in");
    }
    var share = Duration.between(issuedAt, expiresAt).dividedBy(SHARE_AHEAD);
    return new Tokens(
        access.getTokenValue(),
        expiresAt.minus(share.compareTo(AHEAD) < 0 ? share : AHEAD),
        expiresAt,
        refresh.getTokenValue(),
        life(more.get("refresh_expires_in")));
  }

  private static Duration life(@Nullable Object seconds) {
    return seconds instanceof Number number && number.longValue() > 0
        ? Duration.ofSeconds(number.longValue())
        : DEFAULT_LIFE;
  }

  /** Omits the tokens, because they are credentials and must not be logged. */
  @Override
  public String toString() {
    return "Tokens[expiresAt=" + expiresAt + ", life=" + life + "]";
  }
}
