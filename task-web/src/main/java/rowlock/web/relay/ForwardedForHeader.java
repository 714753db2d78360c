/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.relay;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import org.apache.hc.core5.http.HttpMessage;
import org.springframework.stereotype.Component;
import rowlock.limit.ClientAddresses;

/**
 * Writes {@code X-Forwarded-For} for the API, so that its limits and its log use the user's
 * address. The peer address is appended to the header of a trusted proxy. The header of any other
 * peer is discarded.
 */
@Component
final class ForwardedForHeader {
  private static final String HEADER = "X-Forwarded-For";

  private final ClientAddresses clients;

  ForwardedForHeader(ClientAddresses clients) {
    this.clients = clients;
  }

  void write(HttpServletRequest from, HttpMessage to) {
    var peer = from.getRemoteAddr();
    if (clients.trusts(peer)) {
      Collections.list(from.getHeaders(HEADER)).forEach(line -> to.addHeader(HEADER, line));
    }
    to.addHeader(HEADER, peer);
  }
}
