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
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.web.filter.OncePerRequestFilter;
import rowlock.limit.FailureLog;
import rowlock.problem.HttpProblem;
import rowlock.problem.ProblemWriter;

/** Finds out whose request it is. A part of the security chain, where it matters only. */
public final class SessionFilter extends OncePerRequestFilter {

  private static final Logger log = LoggerFactory.getLogger(SessionFilter.class);
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final Sessions sessions;
  private final ProblemWriter problems;
  private final FailureLog failures;

  /** For the security chain. */
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
    } catch (SessionsUnavailableException away) {
      failures.warn(log, "The database of the sessions is unavailable", null);
      problems.writeRetry(response, HttpProblem.SERVICE_UNAVAILABLE, RETRY);
      return;
    }
    CurrentSession.put(request, state);
    if (state instanceof SessionState.Live live) {
      SecurityContext context = SecurityContextHolder.createEmptyContext();
      PreAuthenticatedAuthenticationToken who =
          new PreAuthenticatedAuthenticationToken(
              live.session().identity().subject(), "", java.util.List.of());
      context.setAuthentication(who);
      SecurityContextHolder.setContext(context);
    }
    chain.doFilter(request, response);
  }

  /** Pages, keys and the issuer's own messages are the same for everybody. */
  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    String path = request.getRequestURI();
    return !(path.startsWith("/api/")
        || path.equals("/session")
        || path.equals("/logout")
        || path.startsWith("/account/"));
  }
}
