/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.login;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.oauth2.client.web.OAuth2LoginAuthenticationFilter;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.filter.OncePerRequestFilter;
import rowlock.problem.HttpProblem;
import rowlock.problem.ProblemWriter;
import rowlock.web.audit.Refusal.Budget;
import rowlock.web.audit.SecurityLog;

/**
 * Answers callbacks 429 while too many codes from their peer address have been rejected. Each code
 * costs a client assertion and a request to the issuer.
 */
final class CallbackBudgetFilter extends OncePerRequestFilter {
  /** Matches as the login filter does, however the path is encoded. */
  private static final RequestMatcher CALLBACK =
      PathPatternRequestMatcher.pathPattern(
          OAuth2LoginAuthenticationFilter.DEFAULT_FILTER_PROCESSES_URI);

  private final ProblemWriter problems;
  private final SecurityLog log;

  CallbackBudgetFilter(ProblemWriter problems, SecurityLog log) {
    this.problems = problems;
    this.log = log;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var wait = log.admit(Budget.CODE, request);
    if (wait.isPositive()) {
      problems.writeRetry(response, HttpProblem.TOO_MANY_REQUESTS, wait);
    } else {
      chain.doFilter(request, response);
    }
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !CALLBACK.matches(request);
  }
}
