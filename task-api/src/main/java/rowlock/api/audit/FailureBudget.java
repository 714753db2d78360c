/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.audit;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import rowlock.api.settings.ClientSettings;

/**
 * How many tokens a client address may still get wrong. What a bad token costs us is its
 * cryptography; whoever has spent the budget is sent away before it (RFC 6585 section 4).
 *
 * <p>Security events have budgets of their own: bad access tokens from behind the same proxy must
 * not hold up what the issuer has to say, nor the other way round.
 *
 * <p>A client is an IPv4 address or an IPv6 /64. Since anybody can have a /48 for nothing, that is
 * 65,536 of them, a /48 has a budget too, {@value #LINES_PER_SITE} times as large. Requests that
 * run while the budget is spent may overdraw it by as many as run at once. The budget is this
 * process's own: each replica has another one.
 */
@Component
public final class FailureBudget {

  private static final int LINES_PER_SITE = 10;

  /** About 11 MiB when full, for each of the two. */
  private static final int MAX_CLIENTS = 25_000;

  /** Issuers are few; strangers who send events are not many. */
  private static final int MAX_SENDERS = 2_500;

  private final Buckets<ClientBlock> clients;
  private final Buckets<ClientBlock> sites;
  private final Buckets<ClientBlock> senders;
  private final Buckets<ClientBlock> senderSites;

  FailureBudget(ClientSettings settings, Ticker ticker) {
    this.clients = new Buckets<>(settings.failuresPerMinute(), MAX_CLIENTS, ticker);
    this.sites = new Buckets<>(settings.failuresPerMinute() * LINES_PER_SITE, MAX_CLIENTS, ticker);
    this.senders = new Buckets<>(settings.failuresPerMinute(), MAX_SENDERS, ticker);
    this.senderSites =
        new Buckets<>(settings.failuresPerMinute() * LINES_PER_SITE, MAX_SENDERS, ticker);
  }

  /**
   * How long this client has to wait before it may present another unknown token.
   *
   * @param address network address of the client
   * @return zero when it need not wait
   */
  public Duration untilNext(@Nullable String address) {
    return untilNext(address, clients, sites);
  }

  /** How long this client has to wait before it may send another security event. */
  public Duration untilNextEvent(@Nullable String address) {
    return untilNext(address, senders, senderSites);
  }

  private static Duration untilNext(
      @Nullable String address, Buckets<ClientBlock> clients, Buckets<ClientBlock> sites) {
    ClientBlock client = ClientBlock.of(address);
    Duration wait = clients.untilNext(client);
    if (!client.isIpv6()) {
      return wait;
    }
    Duration siteWait = sites.untilNext(client.site());
    return siteWait.compareTo(wait) > 0 ? siteWait : wait;
  }

  /** Notes a failure. */
  void spend(ClientBlock client) {
    spend(client, clients, sites);
  }

  /** Notes a security event that was refused. */
  void spendEvent(ClientBlock client) {
    spend(client, senders, senderSites);
  }

  private static void spend(
      ClientBlock client, Buckets<ClientBlock> clients, Buckets<ClientBlock> sites) {
    clients.take(client);
    if (client.isIpv6()) {
      sites.take(client.site());
    }
  }
}
