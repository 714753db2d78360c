/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.web.filter.OncePerRequestFilter;
import rowlock.limit.FailureLog;
import rowlock.problem.HttpProblem;
import rowlock.problem.ProblemWriter;

/**
 * Resolves the session cookie and authenticates the request. It is part of the security chain and
 * applies to {@code /api}, {@code /session}, {@code /logout} and {@code /account}.
 */
public final class SessionFilter extends OncePerRequestFilter {
  private static final Logger log = LoggerFactory.getLogger(SessionFilter.class);
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final Sessions sessions;
  private final ProblemWriter problems;
  private final FailureLog failures;

  /** Creates the filter for the security chain. */
  public SessionFilter(Sessions sessions, ProblemWriter problems, FailureLog failures) {
    this.failures = failures;
    this.sessions = sessions;
    this.problems = problems;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    SessionState state;
    try {
      state = sessions.find(request);
    } catch (SessionsUnavailableException e) {
      failures.warn(log, "Session database unavailable; request answered 503", null);
      problems.writeRetry(response, HttpProblem.SERVICE_UNAVAILABLE, RETRY);
      return;
    }
    CurrentSession.put(request, state);
    if (state instanceof SessionState.Live live) {
      var context = SecurityContextHolder.createEmptyContext();
      var user =
          new PreAuthenticatedAuthenticationToken(
              live.session().identity().subject(), "", java.util.List.of());
      context.setAuthentication(user);
      SecurityContextHolder.setContext(context);
    }
    chain.doFilter(request, response);
  }

  /** Excludes the page, the keys and requests of the issuer, which do not depend on the session. */
  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    var path = request.getRequestURI();
    return !(path.startsWith("/api/")
        || path.equals("/session")
        || path.equals("/logout")
        || path.startsWith("/account/"));
  }
}
