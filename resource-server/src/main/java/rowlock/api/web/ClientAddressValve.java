/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import rowlock.limit.ClientAddresses;

/**
 * Puts the address of the client in the place of a trusted proxy's, for everything behind it that
 * asks for the remote address. Scheme, host and port of a request stay what they are: what this API
 * calls itself is a setting.
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
      String client = addresses.of(request);
      if (addresses.trusts(request.getRemoteAddr())) {
        request.setRemoteAddr(client);
      }
    }
    getNext().invoke(request, response);
  }
}
