/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.limit;

import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.catalina.util.NetMaskSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rowlock.settings.ClientSettings;

/**
 * The network address of a request's client: the peer of the connection, or the client that a
 * trusted proxy names. Thread-safe.
 */
public final class ClientAddresses {
  private static final Logger log = LoggerFactory.getLogger(ClientAddresses.class);
  private static final String HEADER = "X-Forwarded-For";

  private final ClientAddress address;
  private final AtomicBoolean warned = new AtomicBoolean();

  /** Trusts the proxies that the settings name. */
  public ClientAddresses(ClientSettings settings) {
    var trusted = new NetMaskSet();
    settings.trustedProxies().forEach(trusted::add);
    this.address = new ClientAddress(trusted::contains);
  }

  /** Returns whether this peer is a proxy whose {@code X-Forwarded-For} is believed. */
  public boolean trusts(String peer) {
    return address.trusts(peer);
  }

  /**
   * Returns the client's address in its canonical spelling. Warns once about a peer in a private
   * network that forwards requests and is not configured as a proxy.
   */
  public String of(HttpServletRequest request) {
    var peer = request.getRemoteAddr();
    if (request.getHeader(HEADER) != null && !address.trusts(peer)) {
      warnOfMissingProxy(peer);
    }
    return address.of(peer, request.getHeaders(HEADER));
  }

  private void warnOfMissingProxy(String peer) {
    if (ClientAddress.isPrivate(peer) && warned.compareAndSet(false, true)) {
      log.warn(
          "X-Forwarded-For of {} is ignored. If that is your proxy, add it to"
              + " ROWLOCK_TRUSTED_PROXIES: until then all its clients share one budget",
          peer);
    }
  }
}
