/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import rowlock.api.audit.Refusal;
import rowlock.api.settings.TokenSettings;

/**
 * The rules for the claims of an access token (RFC 9068 §4, RFC 7519 §4.1). Applied to every
 * request, also for tokens whose signature is already verified.
 */
final class AccessTokenRules {
  /**
   * Leeway after {@code exp}. Short, unlike the clock skew: a client refreshes an expired token,
   * but the leeway extends the use of a stolen one.
   */
  static final Duration AFTER_EXPIRY = Duration.ofSeconds(5);

  private final TokenSettings settings;

  AccessTokenRules(TokenSettings settings) {
    this.settings = settings;
  }

  /** Returns the reason why the token is rejected at this moment; null if it is accepted. */
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

  /** Returns the name of the claim behind a refusal of {@link #refusal}, or null. */
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
    var earliest = now.plus(settings.clockSkew());
    if (token.issuedAt().isAfter(earliest)
        || (token.notBefore() != null && token.notBefore().isAfter(earliest))) {
      return Refusal.NOT_YET_VALID;
    }
    if (!now.isBefore(token.expiresAt().plus(AFTER_EXPIRY))) {
      return Refusal.EXPIRED;
    }
    var lifetime = Duration.between(token.issuedAt(), token.expiresAt());
    // Rejects tokens of a realm whose lifetimes were set to days by mistake.
    return lifetime.compareTo(settings.maxLifetime()) > 0 ? Refusal.LIFETIME_TOO_LONG : null;
  }
}
