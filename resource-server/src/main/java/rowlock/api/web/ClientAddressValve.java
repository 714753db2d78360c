/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.Enumeration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rowlock.limit.ClientAddress;

/**
 * Puts the address of the client in the place of a trusted proxy's, for everything behind it that
 * asks for the remote address. Scheme, host and port of a request stay what they are: what this API
 * calls itself is a setting.
 */
final class ClientAddressValve extends ValveBase {

  private static final Logger log = LoggerFactory.getLogger(ClientAddressValve.class);
  private static final String HEADER = "X-Forwarded-For";

  private final ClientAddress address;
  private final AtomicBoolean warned = new AtomicBoolean();

  ClientAddressValve(ClientAddress address) {
    super(true);
    this.address = address;
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    Enumeration<String> forwarded = request.getHeaders(HEADER);
    if (forwarded.hasMoreElements()) {
      String peer = request.getRemoteAddr();
      if (address.trusts(peer)) {
        request.setRemoteAddr(address.of(peer, forwarded));
      } else {
        warnOfForgottenProxy(peer);
      }
    }
    getNext().invoke(request, response);
  }

  /** Once is enough, and a stranger from outside can say whatever he likes. */
  private void warnOfForgottenProxy(String peer) {
    if (ClientAddress.isPrivate(peer) && warned.compareAndSet(false, true)) {
      log.warn(
          "X-Forwarded-For of {} is not believed. If that is your proxy, name it in"
              + " ROWLOCK_TRUSTED_PROXIES: until then all its clients count as one",
          peer);
    }
  }
}
