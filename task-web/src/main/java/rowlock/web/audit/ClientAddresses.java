/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.audit;

import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import rowlock.limit.ClientAddress;
import rowlock.web.settings.ProxySettings;

/**
 * The network address of a request's client: the peer of the connection, or the client that a
 * trusted proxy names.
 */
@Component
public final class ClientAddresses {

  private static final Logger log = LoggerFactory.getLogger(ClientAddresses.class);
  private static final String HEADER = "X-Forwarded-For";

  private final ClientAddress address;
  private final AtomicBoolean warned = new AtomicBoolean();

  ClientAddresses(ProxySettings proxies) {
    this.address = new ClientAddress(proxies.networks()::contains);
  }

  /** Returns the client's address in its canonical spelling. */
  public String of(HttpServletRequest request) {
    String peer = request.getRemoteAddr();
    if (request.getHeader(HEADER) != null && !address.trusts(peer)) {
      warnOfMissingProxy(peer);
    }
    return address.of(peer, request.getHeaders(HEADER));
  }

  private void warnOfMissingProxy(String peer) {
    if (ClientAddress.isPrivate(peer) && warned.compareAndSet(false, true)) {
      log.warn(
          "X-Forwarded-For of {} is ignored. If that is your proxy, name it in"
              + " ROWLOCK_TRUSTED_PROXIES: until then all its clients share one budget",
          peer);
    }
  }
}
