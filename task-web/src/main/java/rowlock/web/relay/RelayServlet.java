/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.relay;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.HttpHostConnectException;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.servlet.HandlerMapping;
import rowlock.limit.FailureLog;
import rowlock.problem.HttpProblem;
import rowlock.problem.ProblemException;
import rowlock.problem.ProblemResolver;
import rowlock.problem.ProblemWriter;
import rowlock.web.problem.WebProblem;
import rowlock.web.session.CurrentSession;
import rowlock.web.session.SessionState;
import rowlock.web.session.Sessions;
import rowlock.web.session.WebSession;
import rowlock.web.settings.RelaySettings;

/**
 * Relays requests below {@code /api/} to the API with the access token of the session. The token is
 * refreshed before it expires. A token that the API rejects is refreshed once, within the limits of
 * {@link TokenRenewals}. If the API rejects the new token too, the request is answered {@link
 * WebProblem#ACCESS_TOKEN_REJECTED}. A rejection by the API does not end the session; only the
 * issuer does.
 */
final class RelayServlet extends HttpServlet {
  static final String PATHS = "/api/*";

  /** The tag of the metric of requests. */
  private static final String ROUTE = "/api/**";

  private static final Logger log = LoggerFactory.getLogger(RelayServlet.class);
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");
  private static final int MAX_TARGET_LENGTH = 4096;
  private static final int BUFFER_SIZE = 16 * 1024;
  private static final int UNAUTHORIZED = 401;
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final Sessions sessions;
  private final ApiClient api;
  private final RelayHeaders headers;
  private final ForwardedForHeader forwardedFor;
  private final RelaySettings settings;
  private final ProblemWriter problems;
  private final ProblemResolver resolver;
  private final FailureLog failures;
  private final MeterRegistry meters;
  private final TokenRenewals renewals;
  private final Counter rejections;
  private final Map<Integer, Timer> timers = new ConcurrentHashMap<>();

  RelayServlet(
      Sessions sessions,
      ApiClient api,
      ForwardedForHeader forwardedFor,
      RelaySettings settings,
      ProblemWriter problems,
      ProblemResolver resolver,
      FailureLog failures,
      MeterRegistry meters,
      Clock clock) {
    this.sessions = sessions;
    this.api = api;
    this.headers = new RelayHeaders(settings.api());
    this.forwardedFor = forwardedFor;
    this.settings = settings;
    this.problems = problems;
    this.resolver = resolver;
    this.failures = failures;
    this.meters = meters;
    this.renewals = new TokenRenewals(clock);
    this.rejections =
        Counter.builder("rowlock.web.relay.rejected.tokens")
            .description("Requests whose access token the API rejected even after a refresh")
            .register(meters);
  }

  /** Handles all methods, also those that servlets answer by default, such as OPTIONS. */
  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    request.setAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, ROUTE);
    try {
      relay(request, response);
    } catch (IOException | RuntimeException e) {
      if (resolver.resolveException(request, response, null, e) == null) {
        throw e;
      }
    }
  }

  private void relay(HttpServletRequest request, HttpServletResponse response) throws IOException {
    var start = System.nanoTime();
    try {
      answer(request, response);
    } catch (RequestBodyException e) {
      response.setHeader("Connection", "close");
      problems.write(response, e.problem());
    } catch (BrowserDisconnectedException e) {
      log.debug("The browser closed the connection");
    } finally {
      timers
          .computeIfAbsent(response.getStatus() / 100, this::timer)
          .record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
    }
  }

  private Timer timer(int series) {
    return Timer.builder("rowlock.web.relay")
        .description("Relayed requests, from arrival to the last byte of the response")
        .tag("status", series + "xx")
        .register(meters);
  }

  private void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
    var path = request.getRequestURI();
    var query = request.getQueryString();
    var target = query == null ? path : path + "?" + query;
    if (!METHODS.contains(request.getMethod())) {
      response.setHeader("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE");
      problems.write(response, HttpProblem.METHOD_NOT_ALLOWED);
    } else if (target.length() > MAX_TARGET_LENGTH) {
      problems.write(response, HttpProblem.URI_TOO_LONG);
    } else if (!RelayPath.isAllowed(path)) {
      problems.write(response, HttpProblem.NOT_FOUND);
    } else if (CurrentSession.of(request) instanceof SessionState.Live live) {
      var body = RequestBody.of(request, settings.bodyLimit());
      relay(request, response, sessions.fresh(live.session()), target, body, true);
    } else {
      throw new IllegalStateException("request without a session");
    }
  }

  private void relay(
      HttpServletRequest request,
      HttpServletResponse response,
      SessionState state,
      String target,
      RequestBody body,
      boolean mayRetry)
      throws IOException {
    switch (state) {
      case SessionState.Live live ->
          call(request, response, live.session(), target, body, mayRetry);
      case SessionState.Absent absent ->
          problems.write(
              response,
              ProblemException.withMembers(
                  WebProblem.SIGN_IN_REQUIRED, Map.of("reason", absent.reason().code())));
      case SessionState.Unknown unknown ->
          problems.writeRetry(response, HttpProblem.SERVICE_UNAVAILABLE, RETRY);
    }
  }

  private void call(
      HttpServletRequest request,
      HttpServletResponse response,
      WebSession session,
      String target,
      RequestBody body,
      boolean mayRetry)
      throws IOException {
    var call = new BasicClassicHttpRequest(request.getMethod(), target);
    headers.copy(request, call);
    forwardedFor.write(request, call);
    call.setHeader("Authorization", "Bearer " + session.tokens().access());
    call.setEntity(body.entity());
    String cause;
    try (var answer = api.send(call)) {
      if (answer.getCode() != UNAUTHORIZED || isStepUp(answer)) {
        copy(answer, response);
        return;
      }
      cause = RejectionCause.of(answer, session.tokens().access());
    } catch (RequestBodyException | BrowserDisconnectedException e) {
      throw e;
    } catch (IOException e) {
      fail(response, e);
      return;
    }
    if (mayRetry && renewals.permits(session)) {
      retry(request, response, session, target, body);
    } else {
      reject(response, session, cause);
    }
  }

  /**
   * Refreshes the rejected token and repeats the request. If the session has ended and only the API
   * has been notified, the issuer rejects the refresh.
   */
  private void retry(
      HttpServletRequest request,
      HttpServletResponse response,
      WebSession session,
      String target,
      RequestBody body)
      throws IOException {
    var renewed = sessions.renewed(session);
    if (renewed instanceof SessionState.Live && !body.isRepeatable()) {
      problems.writeRetry(response, HttpProblem.SERVICE_UNAVAILABLE, Duration.ofSeconds(1));
      return;
    }
    relay(request, response, renewed, target, body, false);
  }

  /** Answers that the API rejects a token of a session that the issuer has confirmed. */
  private void reject(HttpServletResponse response, WebSession session, String cause)
      throws IOException {
    rejections.increment();
    failures.warn(log, "The API rejected an access token that was just issued", cause);
    problems.writeRetry(response, WebProblem.ACCESS_TOKEN_REJECTED, renewals.untilNext(session));
  }

  /** Returns whether the API requires a stronger or more recent login (RFC 9470). */
  private static boolean isStepUp(ClassicHttpResponse answer) {
    for (var challenge : answer.getHeaders("WWW-Authenticate")) {
      if (challenge.getValue().contains("\"insufficient_user_authentication\"")) {
        return true;
      }
    }
    return false;
  }

  private void copy(ClassicHttpResponse from, HttpServletResponse to) throws IOException {
    to.setStatus(from.getCode());
    headers.copy(from, to);
    var entity = from.getEntity();
    if (entity == null) {
      return;
    }
    if (entity.getContentLength() >= 0) {
      to.setContentLengthLong(entity.getContentLength());
    }
    try (var in = entity.getContent()) {
      if (in == null) {
        return;
      }
      var out = to.getOutputStream();
      var buffer = new byte[BUFFER_SIZE];
      // a response that is complete is sent with its header in one write
      var complete = entity.getContentLength() >= 0 && entity.getContentLength() <= BUFFER_SIZE;
      for (int read; (read = in.read(buffer)) >= 0; ) {
        // flush partial content, so that a streamed response is not delayed
        write(out, buffer, read, !complete && in.available() == 0);
      }
    }
  }

  private static void write(OutputStream out, byte[] buffer, int length, boolean flush)
      throws BrowserDisconnectedException {
    try {
      out.write(buffer, 0, length);
      if (flush) {
        out.flush();
      }
    } catch (IOException e) {
      throw new BrowserDisconnectedException(e);
    }
  }

  private void fail(HttpServletResponse response, IOException failure) throws IOException {
    failures.warn(log, "Request to the API failed", failure.getClass().getSimpleName());
    if (response.isCommitted()) {
      throw failure; // the connection is closed, so that the browser notices the incomplete body
    }
    response.reset();
    switch (failure) {
      case ConnectionRequestTimeoutException full ->
          problems.writeRetry(response, WebProblem.API_UNREACHABLE, RETRY);
      case ConnectTimeoutException timeout ->
          problems.writeRetry(response, WebProblem.API_UNREACHABLE, RETRY);
      case HttpHostConnectException refused ->
          problems.writeRetry(response, WebProblem.API_UNREACHABLE, RETRY);
      case SocketTimeoutException timeout -> problems.write(response, WebProblem.API_TIMEOUT);
      default -> problems.write(response, WebProblem.API_ANSWER_UNREADABLE);
    }
  }
}
