/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.limit;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;

/**
 * Limits the failures that each client address may cause in a minute. A client address is an IPv4
 * address or an IPv6 /64. A provider assigns a /48 to any customer, which is 65,536 of those, so a
 * /48 has a budget too, {@value #NETWORKS_PER_SITE} times as large. Thread-safe.
 *
 * <p>The budget is local to the process. Concurrent requests may overdraw it by their number.
 */
public final class AddressBudget {
  private static final int NETWORKS_PER_SITE = 10;
  private static final Duration PERIOD = Duration.ofMinutes(1);

  private final Buckets<ClientBlock> clients;
  private final Buckets<ClientBlock> sites;

  /**
   * Creates an unused budget.
   *
   * @param failuresPerMinute failures of one client
   * @param maxClients how many clients are remembered; about 220 bytes each, and as much for sites
   * @param ticker nanoseconds that only ever grow
   */
  public AddressBudget(int failuresPerMinute, int maxClients, Ticker ticker) {
    this.clients = new Buckets<>(failuresPerMinute, PERIOD, maxClients, ticker);
    this.sites = new Buckets<>(failuresPerMinute * NETWORKS_PER_SITE, PERIOD, maxClients, ticker);
  }

  /** Returns how long the client has to wait until it may fail again; zero: not at all. */
  public Duration untilNext(ClientBlock client) {
    var wait = clients.untilNext(client);
    if (!client.isIpv6()) {
      return wait;
    }
    var siteWait = sites.untilNext(client.site());
    return siteWait.compareTo(wait) > 0 ? siteWait : wait;
  }

  /** Notes a failure. */
  public void spend(ClientBlock client) {
    clients.take(client);
    if (client.isIpv6()) {
      sites.take(client.site());
    }
  }
}
