/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.relay;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import org.apache.hc.core5.http.HttpMessage;
import org.springframework.stereotype.Component;
import rowlock.limit.ClientAddresses;

/**
 * Tells the API for whom a call is made, so that people keep addresses of their own in its budgets
 * and in its log: who has connected here, behind what a trusted proxy has said of its client. What
 * a browser has written itself is not passed on.
 */
@Component
final class ForwardedFor {

  private static final String HEADER = "X-Forwarded-For";

  private final ClientAddresses clients;

  ForwardedFor(ClientAddresses clients) {
    this.clients = clients;
  }

  void write(HttpServletRequest from, HttpMessage to) {
    String peer = from.getRemoteAddr();
    if (clients.trusts(peer)) {
      Collections.list(from.getHeaders(HEADER)).forEach(line -> to.addHeader(HEADER, line));
    }
    to.addHeader(HEADER, peer);
  }
}
