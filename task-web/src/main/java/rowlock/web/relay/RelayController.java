/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.relay;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.HttpHostConnectException;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import rowlock.limit.FailureLog;
import rowlock.problem.HttpProblem;
import rowlock.problem.ProblemException;
import rowlock.problem.ProblemWriter;
import rowlock.web.problem.WebProblem;
import rowlock.web.session.CurrentSession;
import rowlock.web.session.SessionState;
import rowlock.web.session.Sessions;
import rowlock.web.session.WebSession;
import rowlock.web.settings.RelaySettings;

/**
 * Relays what lies below {@code /api/}. The token is refreshed before it expires; one that the API
 * rejects nevertheless is replaced once, within the limits of {@link TokenRenewals}. If the API
 * rejects that too, the request is answered {@link WebProblem#ACCESS_TOKEN_REJECTED}; the session
 * is ended by the issuer only.
 */
@Controller
final class RelayController {

  private static final Logger log = LoggerFactory.getLogger(RelayController.class);
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");
  private static final int LONGEST_TARGET = 4096;
  private static final int BUFFER = 16 * 1024;
  private static final int UNAUTHORIZED = 401;
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final Sessions sessions;
  private final ApiClient api;
  private final RelayHeaders headers;
  private final ForwardedFor forwardedFor;
  private final RelaySettings settings;
  private final ProblemWriter problems;
  private final FailureLog failures;
  private final MeterRegistry meters;
  private final TokenRenewals renewals;
  private final Counter rejections;

  RelayController(
      Sessions sessions,
      ApiClient api,
      ForwardedFor forwardedFor,
      RelaySettings settings,
      ProblemWriter problems,
      FailureLog failures,
      MeterRegistry meters,
      Clock clock) {
    this.sessions = sessions;
    this.api = api;
    this.headers = new RelayHeaders(settings.api());
    this.forwardedFor = forwardedFor;
    this.settings = settings;
    this.problems = problems;
    this.failures = failures;
    this.meters = meters;
    this.renewals = new TokenRenewals(clock);
    this.rejections =
        Counter.builder("rowlock.web.relay.rejected.tokens")
            .description("Requests whose access token the API rejected, also after a refresh")
            .register(meters);
  }

  // OPTIONS is named because Spring would answer it otherwise
  @RequestMapping(
      path = "/api/**",
      method = {
        RequestMethod.GET,
        RequestMethod.HEAD,
        RequestMethod.POST,
        RequestMethod.PUT,
        RequestMethod.PATCH,
        RequestMethod.DELETE,
        RequestMethod.OPTIONS
      })
  void relay(HttpServletRequest request, HttpServletResponse response) throws IOException {
    Timer.Sample sample = Timer.start(meters);
    try {
      answer(request, response);
    } catch (ClientBodyException broken) {
      response.setHeader("Connection", "close");
      problems.write(response, broken.problem());
    } catch (ClientGoneException gone) {
      log.debug("The browser broke off");
    } finally {
      sample.stop(
          Timer.builder("rowlock.web.relay")
              .description("Relayed requests, from their arrival to the last byte of the answer")
              .tag("status", response.getStatus() / 100 + "xx")
              .register(meters));
    }
  }

  private void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
    String path = request.getRequestURI();
    String query = request.getQueryString();
    String target = query == null ? path : path + "?" + query;
    if (!METHODS.contains(request.getMethod())) {
      response.setHeader("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE");
      problems.write(response, HttpProblem.METHOD_NOT_ALLOWED);
    } else if (target.length() > LONGEST_TARGET) {
      problems.write(response, HttpProblem.URI_TOO_LONG);
    } else if (!RelayPath.isAllowed(path)) {
      problems.write(response, HttpProblem.NOT_FOUND);
    } else if (CurrentSession.of(request) instanceof SessionState.Live live) {
      RequestBody body = RequestBody.of(request, settings.bodyLimit());
      relay(request, response, sessions.fresh(live.session()), target, body, true);
    } else {
      throw new IllegalStateException("nobody comes here without a session");
    }
  }

  private void relay(
      HttpServletRequest request,
      HttpServletResponse response,
      SessionState state,
      String target,
      RequestBody body,
      boolean again)
      throws IOException {
    switch (state) {
      case SessionState.Live live -> call(request, response, live.session(), target, body, again);
      case SessionState.Gone gone ->
          problems.write(
              response,
              ProblemException.withMembers(
                  WebProblem.SIGN_IN_REQUIRED, Map.of("reason", gone.reason().code())));
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
      boolean again)
      throws IOException {
    ClassicHttpRequest call = new BasicClassicHttpRequest(request.getMethod(), target);
    headers.copy(request, call);
    forwardedFor.write(request, call);
    call.setHeader("Authorization", "Bearer " + session.tokens().access());
    call.setEntity(body.entity());
    String cause;
    try (ClassicHttpResponse answer = api.send(call)) {
      if (answer.getCode() != UNAUTHORIZED || asksForMore(answer)) {
        copy(answer, response);
        return;
      }
      cause = RejectionCause.of(answer, session.tokens().access());
    } catch (ClientBodyException | ClientGoneException broken) {
      throw broken;
    } catch (IOException failed) {
      refuse(response, failed);
      return;
    }
    if (again && renewals.permits(session)) {
      retry(request, response, session, target, body);
    } else {
      reject(response, session, cause);
    }
  }

  /**
   * Replaces the rejected token and repeats the request. If the API knows of the end of the session
   * before this server does, the issuer rejects the refresh.
   */
  private void retry(
      HttpServletRequest request,
      HttpServletResponse response,
      WebSession session,
      String target,
      RequestBody body)
      throws IOException {
    SessionState renewed = sessions.renewed(session);
    if (renewed instanceof SessionState.Live && !body.isRepeatable()) {
      problems.writeRetry(response, HttpProblem.SERVICE_UNAVAILABLE, Duration.ofSeconds(1));
      return;
    }
    relay(request, response, renewed, target, body, false);
  }

  /** The issuer has confirmed the session, and the API rejects its token nevertheless. */
  private void reject(HttpServletResponse response, WebSession session, String cause)
      throws IOException {
    rejections.increment();
    failures.warn(log, "The API rejects a token that the issuer has just issued", cause);
    problems.writeRetry(response, WebProblem.ACCESS_TOKEN_REJECTED, renewals.untilNext(session));
  }

  /** A stronger or more recent sign-in (RFC 9470) is the page's to ask for; the session is good. */
  private static boolean asksForMore(ClassicHttpResponse answer) {
    for (Header challenge : answer.getHeaders("WWW-Authenticate")) {
      if (challenge.getValue().contains("\"insufficient_user_authentication\"")) {
        return true;
      }
    }
    return false;
  }

  private void copy(ClassicHttpResponse from, HttpServletResponse to) throws IOException {
    to.setStatus(from.getCode());
    headers.copy(from, to);
    HttpEntity entity = from.getEntity();
    if (entity == null) {
      return;
    }
    if (entity.getContentLength() >= 0) {
      to.setContentLengthLong(entity.getContentLength());
    }
    try (InputStream in = entity.getContent()) {
      if (in == null) {
        return;
      }
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[BUFFER];
      for (int read; (read = in.read(buffer)) >= 0; ) {
        // what comes bit by bit is seen bit by bit
        write(out, buffer, read, in.available() == 0);
      }
    }
  }

  private static void write(OutputStream out, byte[] buffer, int length, boolean flush)
      throws ClientGoneException {
    try {
      out.write(buffer, 0, length);
      if (flush) {
        out.flush();
      }
    } catch (IOException gone) {
      throw new ClientGoneException(gone);
    }
  }

  private void refuse(HttpServletResponse response, IOException failed) throws IOException {
    failures.warn(log, "The API did not answer", failed.getClass().getSimpleName());
    if (response.isCommitted()) {
      throw failed; // the browser has to see that it is not all
    }
    response.reset();
    switch (failed) {
      case ConnectionRequestTimeoutException full ->
          problems.writeRetry(response, WebProblem.API_UNREACHABLE, RETRY);
      case ConnectTimeoutException away ->
          problems.writeRetry(response, WebProblem.API_UNREACHABLE, RETRY);
      case HttpHostConnectException away ->
          problems.writeRetry(response, WebProblem.API_UNREACHABLE, RETRY);
      case SocketTimeoutException slow -> problems.write(response, WebProblem.API_TIMEOUT);
      default -> problems.write(response, WebProblem.API_ANSWER_UNREADABLE);
    }
  }
}
