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
 * What everything that the issuer says to this API has in common: from it, for nobody else, named,
 * and said just now.
 */
final class StatementRules {

  /** How long ago it may have been signed. The issuer signs anew whenever it says it again. */
  static final Duration OLDEST = Duration.ofMinutes(5);

  /** Clocks of servers differ, and an issuer that is ahead must not be deaf to us. */
  static final Duration LEEWAY = Duration.ofSeconds(60);

  private final TokenSettings settings;
  private final Clock clock;

  StatementRules(TokenSettings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  String issuer() {
    return settings.issuer();
  }

  Instant now() {
    return clock.instant();
  }

  /** Why the claims are not acceptable, or null when they are. */
  @Nullable Refusal refusal(ObjectNode claims) {
    Instant issuedAt = Claims.date(claims.get("iat"));
    // A nonce is what tells an ID token from these (OpenID Connect Back-Channel Logout section
    // 2.4).
    if (issuedAt == null || Claims.text(claims.get("jti")) == null || claims.has("nonce")) {
      return Refusal.BAD_CLAIM;
    }
    if (!settings.issuer().equals(Claims.text(claims.get("iss")))) {
      return Refusal.WRONG_ISSUER;
    }
    if (!Set.of(settings.audience()).equals(Claims.audience(claims.get("aud")))) {
      return Refusal.WRONG_AUDIENCE;
    }
    Instant now = now();
    return issuedAt.isBefore(now.minus(OLDEST)) || issuedAt.isAfter(now.plus(LEEWAY))
        ? Refusal.EVENT_NOT_CURRENT
        : null;
  }
}
