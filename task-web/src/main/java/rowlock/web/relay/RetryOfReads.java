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
 * Once more for a read whose kept connection the API has closed in the same moment: that says
 * nothing about the API, and a read may be sent twice (RFC 9110 §9.2.2). A change is never
 * repeated: whether it was made is not known.
 */
final class RetryOfReads implements HttpRequestRetryStrategy {

  @Override
  public boolean retryRequest(
      HttpRequest request, IOException failed, int count, HttpContext context) {
    boolean closed =
        failed instanceof NoHttpResponseException
            || failed instanceof ConnectionClosedException
            || (failed instanceof SocketException && !(failed instanceof ConnectException));
    boolean read = "GET".equals(request.getMethod()) || "HEAD".equals(request.getMethod());
    return count == 1 && read && closed;
  }

  /** What the API answers is for the browser, a 503 too. */
  @Override
  public boolean retryRequest(HttpResponse response, int count, HttpContext context) {
    return false;
  }

  @Override
  public TimeValue getRetryInterval(HttpResponse response, int count, HttpContext context) {
    return TimeValue.ZERO_MILLISECONDS;
  }
}
