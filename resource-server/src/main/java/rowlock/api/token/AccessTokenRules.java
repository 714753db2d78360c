/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import rowlock.api.audit.Refusal;
import rowlock.api.settings.TokenSettings;

/**
 * What the claims of a good access token say (RFC 9068 section 4, RFC 7519 section 4.1). Cheap, and
 * asked on every request, also for tokens whose signature is known.
 */
final class AccessTokenRules {

  /**
   * How long a token is accepted after {@code exp}. Short, unlike the clock skew: a client
   * refreshes a token that the API calls expired, but a stolen token lives longer by every second.
   */
  static final Duration AFTER_EXPIRY = Duration.ofSeconds(5);

  private final TokenSettings settings;

  AccessTokenRules(TokenSettings settings) {
    this.settings = settings;
  }

  /** Why the token is not acceptable at this moment, or null when it is. */
  @Nullable Refusal refusal(AccessToken token, Instant now) {
    if (!token.issuer().equals(settings.issuer())) {
      return Refusal.WRONG_ISSUER;
    }
    if (!token.audience().contains(settings.audience())) {
      return Refusal.WRONG_AUDIENCE;
    }
    if (!settings.clients().isEmpty() && !settings.clients().contains(token.clientId())) {
      return Refusal.WRONG_CLIENT;
    }
    if (token.kind() != null && !token.kind().equals("Bearer") && !token.kind().equals("DPoP")) {
      return Refusal.WRONG_TOKEN_KIND;
    }
    return refusalByTime(token, now);
  }

  /** Returns the name of the claim that a refusal of {@link #refusal} is about, or null. */
  static @Nullable String claim(Refusal refusal) {
    return switch (refusal) {
      case WRONG_ISSUER -> "iss";
      case WRONG_AUDIENCE -> "aud";
      case WRONG_CLIENT -> "client_id";
      case WRONG_TOKEN_KIND -> "typ";
      case LIFETIME_TOO_LONG -> "exp";
      default -> null;
    };
  }

  private @Nullable Refusal refusalByTime(AccessToken token, Instant now) {
    Instant earliest = now.plus(settings.clockSkew());
    if (token.issuedAt().isAfter(earliest)
        || (token.notBefore() != null && token.notBefore().isAfter(earliest))) {
      return Refusal.NOT_YET_VALID;
    }
    if (!now.isBefore(token.expiresAt().plus(AFTER_EXPIRY))) {
      return Refusal.EXPIRED;
    }
    Duration lifetime = Duration.between(token.issuedAt(), token.expiresAt());
    // A cheap guard against a realm whose lifetimes were set to days by mistake.
    return lifetime.compareTo(settings.maxLifetime()) > 0 ? Refusal.LIFETIME_TOO_LONG : null;
  }
}
