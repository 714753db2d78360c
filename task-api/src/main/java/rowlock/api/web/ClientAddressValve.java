/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/**
 * Puts the address of the client in the place of a trusted proxy's, for everything behind it that
 * asks for the remote address. Scheme, host and port of a request stay what they are: what this API
 * calls itself is a setting.
 */
final class ClientAddressValve extends ValveBase {

  private static final String HEADER = "X-Forwarded-For";

  private final ClientAddress address;

  ClientAddressValve(ClientAddress address) {
    super(true);
    this.address = address;
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    request.setRemoteAddr(address.of(request.getRemoteAddr(), request.getHeaders(HEADER)));
    getNext().invoke(request, response);
  }
}
