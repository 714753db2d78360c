/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import rowlock.api.audit.Refusal;
import rowlock.api.settings.TokenSettings;

/**
 * Is the token good: form, then key, then signature, then claims. Remembers only that a signature
 * was good; key, time and claims are looked at on every request.
 */
final class AccessTokenVerifier {

  /** About 3 KiB each, so some 30 MiB when full. */
  private static final int MAX_REMEMBERED = 10_000;

  private final IssuerKeys keys;
  private final TokenSettings settings;
  private final AccessTokenRules rules;
  private final Clock clock;
  private final Cache<String, VerifiedToken> verified;

  AccessTokenVerifier(TokenSettings settings, IssuerKeys keys, Clock clock) {
    this.settings = settings;
    this.keys = keys;
    this.rules = new AccessTokenRules(settings);
    this.clock = clock;
    // Keyed by the text: the parser lets only one spelling of a token through, and only tokens with
    // a good signature get in, so nobody can fill it or choose colliding keys.
    this.verified =
        Caffeine.newBuilder()
            .maximumSize(MAX_REMEMBERED)
            .expireAfterWrite(settings.maxLifetime().plus(AccessTokenRules.LEEWAY))
            .build();
  }

  /** What is to be said of a token whose signature is known to be good; null: it is not known. */
  @Nullable Verdict<VerifiedToken> recall(String token) {
    VerifiedToken known = verified.getIfPresent(token);
    if (known == null) {
      return null;
    }
    if (!keys.contains(known.key())) {
      verified.invalidate(token);
      return null;
    }
    return judged(known);
  }

  /** The token, or why it is not good, at the price of a signature unless {@link #recall} knows. */
  Verdict<VerifiedToken> verify(String token) {
    Verdict<VerifiedToken> known = recall(token);
    if (known != null) {
      return known;
    }
    return switch (CompactJws.parse(token)) {
      case Verdict.Refused<CompactJws> refused -> refused.forward();
      case Verdict.Accepted<CompactJws> parsed -> verify(token, parsed.value());
    };
  }

  private Verdict<VerifiedToken> verify(String token, CompactJws parsed) {
    if (!settings.algorithms().contains(parsed.algorithm())) {
      return new Verdict.Refused<>(Refusal.WRONG_ALGORITHM, parsed.kid(), null);
    }
    return switch (keys.find(parsed.kid())) {
      case Verdict.Refused<IssuerKey> refused -> refused.forward();
      case Verdict.Accepted<IssuerKey> key -> verify(token, parsed, key.value());
    };
  }

  private Verdict<VerifiedToken> verify(String token, CompactJws parsed, IssuerKey key) {
    if (!key.algorithm().getName().equals(parsed.algorithm())) {
      return new Verdict.Refused<>(Refusal.WRONG_ALGORITHM, parsed.kid(), null);
    }
    if (!key.hasSigned(parsed)) {
      return new Verdict.Refused<>(Refusal.BAD_SIGNATURE, parsed.kid(), null);
    }
    return switch (AccessToken.read(parsed.payload())) {
      case Verdict.Refused<AccessToken> refused ->
          new Verdict.Refused<>(refused.reason(), parsed.kid(), refused.clientId());
      case Verdict.Accepted<AccessToken> claims -> judged(token, key, claims.value());
    };
  }

  private Verdict<VerifiedToken> judged(String token, IssuerKey key, AccessToken claims) {
    Verdict<VerifiedToken> verdict = judged(VerifiedToken.of(token, key, claims));
    if (settings.cache() && verdict instanceof Verdict.Accepted<VerifiedToken> accepted) {
      verified.put(token, accepted.value());
    }
    return verdict;
  }

  private Verdict<VerifiedToken> judged(VerifiedToken known) {
    Refusal refusal = rules.refusal(known.claims(), clock.instant());
    return refusal == null ? new Verdict.Accepted<>(known) : known.refused(refusal);
  }
}
