/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.relay;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import org.apache.hc.client5.http.HttpRequestRetryStrategy;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;

/**
 * Repeats a read once if the API closed the kept-alive connection at the same moment. A read is
 * idempotent (RFC 9110 §9.2.2). A change is never repeated, because it may have been made.
 */
final class ReadRetryStrategy implements HttpRequestRetryStrategy {
  @Override
  public boolean retryRequest(
      HttpRequest request, IOException failure, int count, HttpContext context) {
    var closed =
        failure instanceof NoHttpResponseException
            || failure instanceof ConnectionClosedException
            || (failure instanceof SocketException && !(failure instanceof ConnectException));
    var read = "GET".equals(request.getMethod()) || "HEAD".equals(request.getMethod());
    return count == 1 && read && closed;
  }

  /** Never repeats after a response, not even 503: responses are relayed to the browser. */
  @Override
  public boolean retryRequest(HttpResponse response, int count, HttpContext context) {
    return false;
  }

  @Override
  public TimeValue getRetryInterval(HttpResponse response, int count, HttpContext context) {
    return TimeValue.ZERO_MILLISECONDS;
  }
}
