/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.audit;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import rowlock.limit.AddressBudget;
import rowlock.limit.ClientBlock;
import rowlock.settings.ClientSettings;

/**
 * Limits the invalid tokens that a client address may present. Verifying a token costs a signature
 * check; a client over its budget is answered 429 before it (RFC 6585 §4).
 *
 * <p>Security events have budgets of their own: bad access tokens from behind the same proxy must
 * not delay the issuer's events, nor vice versa.
 *
 * <p>See {@link AddressBudget} for the definition of a client and the limit of a site.
 */
@Component
public final class FailureBudget {
  /** Maximum number of clients; about 11 MiB when full, including their sites. */
  private static final int MAX_CLIENTS = 25_000;

  /** Maximum number of event senders. There are few issuers. */
  private static final int MAX_SENDERS = 2_500;

  private final AddressBudget tokens;
  private final AddressBudget events;

  FailureBudget(ClientSettings settings, Ticker ticker) {
    this.tokens = new AddressBudget(settings.failuresPerMinute(), MAX_CLIENTS, ticker);
    this.events = new AddressBudget(settings.failuresPerMinute(), MAX_SENDERS, ticker);
  }

  /**
   * Returns the wait before this client may present another unknown token.
   *
   * @param address network address of the client
   * @return zero if it need not wait
   */
  public Duration untilNext(@Nullable String address) {
    return tokens.untilNext(ClientBlock.of(address));
  }

  /** Returns the wait before this client may send another security event. */
  public Duration untilNextEvent(@Nullable String address) {
    return events.untilNext(ClientBlock.of(address));
  }

  /** Counts a failure. */
  void spend(ClientBlock client) {
    tokens.spend(client);
  }

  /** Counts a rejected security event. */
  void spendEvent(ClientBlock client) {
    events.spend(client);
  }
}
