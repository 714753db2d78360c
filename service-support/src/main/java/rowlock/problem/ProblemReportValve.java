/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.problem;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.ActionCode;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.tomcat.util.http.MimeHeaders;
import org.apache.tomcat.util.res.StringManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rowlock.limit.FailureLog;

/** Answers failures outside of Spring with a problem instead of Tomcat's HTML page. */
final class ProblemReportValve extends ErrorReportValve {
  private static final Logger log = LoggerFactory.getLogger(ProblemReportValve.class);

  /**
   * Maximum number of header lines of a request. Browsers and proxies together send about thirty.
   */
  static final int HEADER_LIMIT = 100;

  /**
   * Tomcat distinguishes too large from malformed by message only, so the messages are read from
   * Tomcat.
   */
  private static final Set<String> TOO_LARGE =
      Set.of(
          StringManager.getManager(AbstractHttp11Protocol.class)
              .getString("iib.requestheadertoolarge.error"),
          StringManager.getManager(MimeHeaders.class)
              .getString("headers.maxCountFail", HEADER_LIMIT));

  private final ProblemWriter problems;
  private final ResponseHeaders headers;
  private final FailureLog failures;

  ProblemReportValve(ProblemWriter problems, ResponseHeaders headers, FailureLog failures) {
    this.problems = problems;
    this.headers = headers;
    this.failures = failures;
  }

  @Override
  protected void report(Request request, Response response, @Nullable Throwable failure) {
    if (response.getStatus() < 400
        || response.getContentWritten() > 0
        || !response.setErrorReported()
        || !canWrite(response)) {
      return;
    }
    var type = type(request, response, failure);
    if (type == HttpProblem.INTERNAL_ERROR) {
      failures.error(log, "Request failed outside of a controller", failure);
    }
    try {
      var body = problems.body(type);
      headers.addTo(request, response);
      response.resetBuffer(true);
      response.setStatus(type.status());
      response.setContentType(ProblemWriter.MEDIA_TYPE);
      response.setContentLength(body.length);
      response.getOutputStream().write(body);
      response.finishResponse();
    } catch (IOException e) {
      log.debug("Error response not sent: client closed the connection", e);
    }
  }

  private Problem type(Request request, Response response, @Nullable Throwable failure) {
    if (failure != null && TOO_LARGE.contains(String.valueOf(failure.getMessage()))) {
      var targetWasRead = !request.getCoyoteRequest().requestURI().isNull();
      return targetWasRead ? HttpProblem.HEADERS_TOO_LARGE : HttpProblem.URI_TOO_LONG;
    }
    return problems.ofStatus(response.getStatus());
  }

  private static boolean canWrite(Response response) {
    var allowed = new AtomicBoolean();
    response.getCoyoteResponse().action(ActionCode.IS_IO_ALLOWED, allowed);
    return allowed.get();
  }
}
