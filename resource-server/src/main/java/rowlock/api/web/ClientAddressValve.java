/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import rowlock.limit.ClientAddresses;

/**
 * Replaces the address of a trusted proxy by that of the client, for all later calls of {@code
 * getRemoteAddr}. Scheme, host and port of a request do not change: the public URL is a setting.
 */
final class ClientAddressValve extends ValveBase {
  private static final String HEADER = "X-Forwarded-For";

  private final ClientAddresses addresses;

  ClientAddressValve(ClientAddresses addresses) {
    super(true);
    this.addresses = addresses;
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    if (request.getHeader(HEADER) != null) {
      var client = addresses.of(request);
      if (addresses.trusts(request.getRemoteAddr())) {
        request.setRemoteAddr(client);
      }
    }
    getNext().invoke(request, response);
  }
}
