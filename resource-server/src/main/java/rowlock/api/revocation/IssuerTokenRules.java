/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import rowlock.api.audit.Refusal;
import rowlock.api.settings.TokenSettings;
import rowlock.api.token.Claims;
import tools.jackson.databind.node.ObjectNode;

/**
 * The rules for all tokens of the issuer to this API: issuer, audience, identifier and time of
 * issue.
 */
final class IssuerTokenRules {
  /** Maximum age of the signature. The issuer signs again for each delivery. */
  static final Duration MAX_AGE = Duration.ofMinutes(5);

  /** Leeway for clock skew, so that events of an issuer whose clock is ahead are accepted. */
  static final Duration LEEWAY = Duration.ofSeconds(60);

  private final TokenSettings settings;
  private final Clock clock;

  IssuerTokenRules(TokenSettings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  String issuer() {
    return settings.issuer();
  }

  Instant now() {
    return clock.instant();
  }

  /** Returns the reason why the claims are rejected; null if they are accepted. */
  @Nullable Refusal refusal(ObjectNode claims) {
    var issuedAt = Claims.date(claims.get("iat"));
    // A nonce distinguishes an ID token from a logout token (OpenID Connect Back-Channel Logout
    // section 2.4).
    if (issuedAt == null || Claims.text(claims.get("jti")) == null || claims.has("nonce")) {
      return Refusal.BAD_CLAIM;
    }
    if (!settings.issuer().equals(Claims.text(claims.get("iss")))) {
      return Refusal.WRONG_ISSUER;
    }
    if (!Set.of(settings.audience()).equals(Claims.audience(claims.get("aud")))) {
      return Refusal.WRONG_AUDIENCE;
    }
    var now = now();
    return issuedAt.isBefore(now.minus(MAX_AGE)) || issuedAt.isAfter(now.plus(LEEWAY))
        ? Refusal.EVENT_NOT_CURRENT
        : null;
  }
}
