/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.issuer;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.jwt.Jwt;

/**
 * Validates the claims of an ID token that a refresh returned against those of the login (OpenID
 * Connect Core 1.0 section 12.2). Times are compared with each other and not with the local clock,
 * because the token arrived in the response to this server's own request.
 */
final class RefreshedIdToken {
  private final String issuer;
  private final String clientId;

  RefreshedIdToken(String issuer, String clientId) {
    this.issuer = issuer;
    this.clientId = clientId;
  }

  /**
   * Returns the identity with the claims of the new token.
   *
   * @param token ID token whose signature has been verified
   * @param login identity of the login
   * @throws InvalidIdTokenException naming the claim that differs
   */
  Identity validate(Jwt token, Identity login) {
    var invalid = invalidClaim(token, login);
    if (invalid != null) {
      throw new InvalidIdTokenException(invalid);
    }
    return login.updated(
        new OidcIdToken(
            token.getTokenValue(), token.getIssuedAt(), token.getExpiresAt(), token.getClaims()));
  }

  private @Nullable String invalidClaim(Jwt token, Identity login) {
    var issuedAt = token.getIssuedAt();
    var expiresAt = token.getExpiresAt();
    var audience = token.getAudience();
    var authorizedParty = token.getClaimAsString("azp");
    var nonce = token.getClaimAsString("nonce");
    if (!issuer.equals(token.getClaimAsString("iss"))) {
      return "iss";
    }
    if (!login.subject().equals(token.getSubject())) {
      return "sub";
    }
    if (audience == null || !audience.contains(clientId)) {
      return "aud";
    }
    if (authorizedParty == null ? audience.size() > 1 : !authorizedParty.equals(clientId)) {
      return "azp";
    }
    if (issuedAt == null) {
      return "iat";
    }
    if (expiresAt == null || !expiresAt.isAfter(issuedAt)) {
      return "exp";
    }
    if (!isOfLogin(token.getClaimAsInstant("auth_time"), login, issuedAt)) {
      return "auth_time";
    }
    return nonce == null || Objects.equals(nonce, login.nonce()) ? null : "nonce";
  }

  /**
   * A user who authenticates again in the same session, for another client for example, has a later
   * {@code auth_time}. An earlier one, or one after the token, is not that of the login.
   */
  private static boolean isOfLogin(
      @Nullable Instant authenticatedAt, Identity login, Instant issuedAt) {
    if (authenticatedAt == null || login.authenticatedAt() == null) {
      return true;
    }
    return authenticatedAt.getEpochSecond() >= login.authenticatedAt()
        && !authenticatedAt.isAfter(issuedAt);
  }
}
