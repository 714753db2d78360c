/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.issuer;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jwt.Jwt;

/**
 * Validates the claims of a logout token (OpenID Connect Back-Channel Logout 1.0 sections 2.4,
 * 2.6).
 */
final class LogoutTokenRules implements OAuth2TokenValidator<Jwt> {
  private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";

  private final String issuer;
  private final String clientId;

  LogoutTokenRules(String issuer, String clientId) {
    this.issuer = issuer;
    this.clientId = clientId;
  }

  @Override
  public OAuth2TokenValidatorResult validate(Jwt token) {
    var invalid = invalidClaim(token);
    return invalid == null
        ? OAuth2TokenValidatorResult.success()
        : OAuth2TokenValidatorResult.failure(new OAuth2Error("invalid_request", invalid, null));
  }

  private @Nullable String invalidClaim(Jwt token) {
    if (!issuer.equals(token.getClaimAsString("iss"))) {
      return "iss";
    }
    if (!List.of(clientId).equals(token.getAudience())) {
      return "aud";
    }
    if (token.getIssuedAt() == null || token.getExpiresAt() == null || token.getId() == null) {
      return "iat, exp or jti";
    }
    if (token.getClaimAsString("sid") == null && token.getSubject() == null) {
      return "neither sid nor sub";
    }
    if (token.getClaims().containsKey("nonce")) {
      return "nonce"; // section 2.4 forbids it, so that no ID token is accepted
    }
    return token.getClaim("events") instanceof Map<?, ?> events
            && events.get(EVENT) instanceof Map<?, ?>
        ? null
        : "events";
  }
}
