/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.issuer;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;

/**
 * What the token endpoint gave (RFC 6749 section 5.1).
 *
 * @param access for the API
 * @param refreshAt from when on it should be replaced before it is used
 * @param expiresAt when it ends
 * @param refresh for the next ones
 * @param life how long the refresh token is good, counted from its issue: the session lives as long
 */
public record Tokens(
    String access, Instant refreshAt, Instant expiresAt, String refresh, Duration life) {

  private static final Duration AHEAD = Duration.ofSeconds(30);
  private static final int SHARE_AHEAD = 5;

  // What OWASP advises for idle sessions that guard little; Keycloak always tells its own.
  private static final Duration UNKNOWN_LIFE = Duration.ofMinutes(30);

  /**
   * Reads an answer of the token endpoint.
   *
   * @param more the further members of the answer, of which Keycloak's {@code refresh_expires_in}
   *     tells how long the session may be idle, or live at all if that is shorter
   */
  public static Tokens of(
      OAuth2AccessToken access, @Nullable OAuth2RefreshToken refresh, Map<String, Object> more) {
    Instant issuedAt = access.getIssuedAt();
    Instant expiresAt = access.getExpiresAt();
    if (refresh == null || issuedAt == null || expiresAt == null) {
      throw new IssuerUnavailableException(
          "The issuer gave no refresh token, or did not say when the access token expires");
    }
    Duration share = Duration.between(issuedAt, expiresAt).dividedBy(SHARE_AHEAD);
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
        : UNKNOWN_LIFE;
  }

  /** Without the tokens: they are credentials and must not end in a log. */
  @Override
  public String toString() {
    return "Tokens[expiresAt=" + expiresAt + ", life=" + life + "]";
  }
}
