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
 * How many tokens a client address may still get wrong. What a bad token costs us is its
 * cryptography; whoever has spent the budget is sent away before it (RFC 6585 section 4).
 *
 * <p>Security events have budgets of their own: bad access tokens from behind the same proxy must
 * not hold up what the issuer has to say, nor the other way round.
 *
 * <p>What a client is, and how much a site of many networks may do: {@link AddressBudget}.
 */
@Component
public final class FailureBudget {

  /** About 11 MiB when full, for clients and for their sites. */
  private static final int MAX_CLIENTS = 25_000;

  /** Issuers are few, and so are those who send events without being one. */
  private static final int MAX_SENDERS = 2_500;

  private final AddressBudget tokens;
  private final AddressBudget events;

  FailureBudget(ClientSettings settings, Ticker ticker) {
    this.tokens = new AddressBudget(settings.failuresPerMinute(), MAX_CLIENTS, ticker);
    this.events = new AddressBudget(settings.failuresPerMinute(), MAX_SENDERS, ticker);
  }

  /**
   * How long this client has to wait before it may present another unknown token.
   *
   * @param address network address of the client
   * @return zero when it need not wait
   */
  public Duration untilNext(@Nullable String address) {
    return tokens.untilNext(ClientBlock.of(address));
  }

  /** How long this client has to wait before it may send another security event. */
  public Duration untilNextEvent(@Nullable String address) {
    return events.untilNext(ClientBlock.of(address));
  }

  /** Notes a failure. */
  void spend(ClientBlock client) {
    tokens.spend(client);
  }

  /** Notes a security event that was refused. */
  void spendEvent(ClientBlock client) {
    events.spend(client);
  }
}
