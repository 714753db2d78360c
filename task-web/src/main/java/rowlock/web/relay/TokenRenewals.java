/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.relay;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import rowlock.web.session.WebSession;

/**
 * Limits how often the relay refreshes access tokens that the API rejects. The second refresh is
 * allowed after five seconds, because the API may not have a new key of the issuer yet or the token
 * may be of the second in which older ones were revoked. Further ones are allowed once a minute.
 * The limit applies to each session on this node. Thread-safe.
 */
final class TokenRenewals {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofMinutes(1);
  private static final Duration MEMORY = Duration.ofMinutes(10);
  private static final int MAX_SESSIONS = 10_000;

  private final Clock clock;
  private final Cache<String, Renewal> renewals =
      Caffeine.newBuilder().maximumSize(MAX_SESSIONS).expireAfterWrite(MEMORY).build();

  /**
   * Last refresh of a session.
   *
   * @param generation generation of the replaced tokens
   * @param next earliest time of the next refresh
   */
  private record Renewal(int generation, Instant next) {}

  TokenRenewals(Clock clock) {
    this.clock = clock;
  }

  /**
   * Returns whether the rejected tokens of the session may be refreshed now. True for every request
   * with the same tokens, because they share one refresh.
   */
  boolean permits(WebSession session) {
    var now = clock.instant();
    var renewal =
        renewals
            .asMap()
            .compute(
                session.secret().csrf(),
                (key, last) -> {
                  if (last == null) {
                    return new Renewal(session.generation(), now.plus(FIRST_PAUSE));
                  }
                  return now.isBefore(last.next())
                      ? last
                      : new Renewal(session.generation(), now.plus(PAUSE));
                });
    return renewal.generation() == session.generation();
  }

  /** Returns the time until the tokens of the session may be refreshed again. */
  Duration untilNext(WebSession session) {
    var renewal = renewals.getIfPresent(session.secret().csrf());
    var now = clock.instant();
    return renewal == null || !now.isBefore(renewal.next())
        ? Duration.ZERO
        : Duration.between(now, renewal.next());
  }
}
