/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import rowlock.api.audit.Refusal;
import rowlock.api.settings.TokenSettings;
import tools.jackson.databind.node.ObjectNode;

/**
 * Verifies access tokens: form, key, signature, and claims, in this order. Caches the results of
 * signature checks only; key, time and claims are checked on every request.
 */
final class AccessTokenVerifier {
  /** The {@code typ} of access tokens (RFC 9068 §4). */
  private static final String TYPE = "at+jwt";

  /** About 3 KiB each, so some 30 MiB when full. */
  private static final int MAX_REMEMBERED = 10_000;

  /** Maximum number of characters of the tokens that are remembered as rejected: some 4 MiB. */
  private static final int MAX_REJECTED_CHARACTERS = 4_000_000;

  private final IssuerKeys keys;
  private final IssuerSignature signature;
  private final TokenSettings settings;
  private final AccessTokenRules rules;
  private final Clock clock;
  private final Cache<String, VerifiedToken> verified;
  private final Cache<String, IssuerKey> rejected;

  AccessTokenVerifier(TokenSettings settings, IssuerKeys keys, Clock clock) {
    this.settings = settings;
    this.keys = keys;
    this.signature = new IssuerSignature(settings.algorithms(), keys);
    this.rules = new AccessTokenRules(settings);
    this.clock = clock;
    // Keyed by the text: the parser accepts only one spelling of a token, and only tokens with a
    // valid signature are cached, so an attacker cannot fill it or choose colliding keys.
    this.verified =
        Caffeine.newBuilder()
            .maximumSize(MAX_REMEMBERED)
            .expireAfterWrite(settings.maxLifetime().plus(AccessTokenRules.AFTER_EXPIRY))
            .build();
    // Helps against clients that repeat a bad token. Anybody can fill it, which costs nothing but
    // its effect: another token is checked as if it did not exist.
    this.rejected =
        Caffeine.newBuilder()
            .maximumWeight(MAX_REJECTED_CHARACTERS)
            .weigher((String token, IssuerKey key) -> token.length())
            .expireAfterWrite(settings.maxLifetime())
            .build();
  }

  /** Returns the verdict on a cached token; null if it is not cached. */
  @Nullable Verdict<VerifiedToken> recall(String token) {
    var known = verified.getIfPresent(token);
    if (known == null) {
      return null;
    }
    if (!keys.contains(known.key())) {
      verified.invalidate(token);
      return null;
    }
    return judged(known);
  }

  /**
   * Returns the verified token or the reason for its refusal. Checks the signature unless it is
   * cached.
   */
  Verdict<VerifiedToken> verify(String token) {
    var known = recall(token);
    if (known != null) {
      return known;
    }
    var failedKey = rejected.getIfPresent(token);
    if (failedKey != null && keys.contains(failedKey)) {
      return new Verdict.Refused<>(Refusal.BAD_SIGNATURE, failedKey.kid(), null);
    }
    return switch (CompactForm.read(token, settings.maxSize())) {
      case Verdict.Refused<CompactForm> refused -> refused.forward();
      case Verdict.Accepted<CompactForm> parsed -> verify(token, parsed.value());
    };
  }

  private Verdict<VerifiedToken> verify(String token, CompactForm parsed) {
    if (!parsed.isOfType(TYPE)) {
      return new Verdict.Refused<>(Refusal.WRONG_TYPE, parsed.kid(), null);
    }
    return switch (signature.check(parsed, key -> rememberRejection(token, key))) {
      case Verdict.Refused<IssuerKey> refused -> refused.forward();
      case Verdict.Accepted<IssuerKey> key -> verify(token, parsed.claims(), key.value());
    };
  }

  private void rememberRejection(String token, IssuerKey key) {
    if (settings.cache()) {
      rejected.put(token, key);
    }
  }

  private Verdict<VerifiedToken> verify(String token, @Nullable ObjectNode payload, IssuerKey key) {
    if (payload == null) {
      return new Verdict.Refused<>(Refusal.MALFORMED_JSON, key.kid(), null);
    }
    return switch (AccessToken.read(payload)) {
      case Verdict.Refused<AccessToken> refused ->
          new Verdict.Refused<>(refused.reason(), key.kid(), refused.clientId(), refused.claim());
      case Verdict.Accepted<AccessToken> claims -> judged(token, key, claims.value());
    };
  }

  private Verdict<VerifiedToken> judged(String token, IssuerKey key, AccessToken claims) {
    var verdict = judged(VerifiedToken.of(token, key, claims));
    if (settings.cache() && verdict instanceof Verdict.Accepted<VerifiedToken> accepted) {
      verified.put(token, accepted.value());
    }
    return verdict;
  }

  private Verdict<VerifiedToken> judged(VerifiedToken known) {
    var refusal = rules.refusal(known.claims(), clock.instant());
    return refusal == null ? new Verdict.Accepted<>(known) : known.refused(refusal);
  }
}
