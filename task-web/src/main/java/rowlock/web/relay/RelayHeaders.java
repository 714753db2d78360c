/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.relay;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpMessage;

/**
 * Allow-list of headers in both directions. All other headers are dropped: cookies, credentials,
 * forwarding headers, hop-by-hop headers and unknown ones.
 */
final class RelayHeaders {
  private static final List<String> TO_THE_API =
      List.of(
          "Accept",
          "Accept-Language",
          "Content-Type",
          "If-Match",
          "If-None-Match",
          "If-Modified-Since",
          "If-Unmodified-Since",
          "Idempotency-Key",
          "Prefer",
          "Range");

  private static final List<String> TO_THE_PAGE =
      List.of(
          "Accept-Patch",
          "Accept-Ranges",
          "Allow",
          "Cache-Control",
          "Content-Disposition",
          "Content-Language",
          "Content-Range",
          "Content-Type",
          "ETag",
          "Last-Modified",
          "Preference-Applied",
          "Retry-After",
          "Server-Timing");

  /** Headers that contain addresses of the API, which become paths of this server. */
  private static final List<String> ADDRESSES = List.of("Link", "Location");

  private final Pattern apiOrigin;

  RelayHeaders(URI api) {
    this.apiOrigin = Pattern.compile("(^|<)" + Pattern.quote(api.toString()) + "(?=/)");
  }

  void copy(HttpServletRequest from, HttpMessage to) {
    for (var name : TO_THE_API) {
      var values = from.getHeaders(name);
      while (values.hasMoreElements()) {
        to.addHeader(name, values.nextElement());
      }
    }
  }

  void copy(ClassicHttpResponse from, HttpServletResponse to) {
    for (var name : TO_THE_PAGE) {
      for (var header : from.getHeaders(name)) {
        to.addHeader(name, header.getValue());
      }
    }
    for (var name : ADDRESSES) {
      for (var header : from.getHeaders(name)) {
        var own = apiOrigin.matcher(header.getValue());
        to.addHeader(name, own.replaceAll("$1"));
      }
    }
  }
}
