/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.login;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import rowlock.problem.HttpProblem;
import rowlock.problem.ProblemException;
import rowlock.problem.ProblemWriter;
import rowlock.web.audit.Refusal;
import rowlock.web.audit.SecurityLog;
import rowlock.web.problem.WebProblem;
import rowlock.web.session.CurrentSession;
import rowlock.web.session.EndReason;
import rowlock.web.session.SessionState;

/**
 * Answers requests without a session with 401 and the reason why there is none, and requests
 * without a valid CSRF token with 403.
 */
final class ProblemEntryPoint implements AuthenticationEntryPoint, AccessDeniedHandler {
  private final ProblemWriter problems;
  private final SecurityLog log;

  ProblemEntryPoint(ProblemWriter problems, SecurityLog log) {
    this.problems = problems;
    this.log = log;
  }

  @Override
  public void commence(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
      throws IOException {
    var reason =
        CurrentSession.of(request) instanceof SessionState.Absent absent
            ? absent.reason()
            : EndReason.NONE;
    refuseWithoutSession(request, response, reason);
  }

  @Override
  public void handle(
      HttpServletRequest request, HttpServletResponse response, AccessDeniedException failure)
      throws IOException {
    if (CurrentSession.of(request) instanceof SessionState.Absent absent) {
      refuseWithoutSession(request, response, absent.reason());
    } else if (isWithinBudget(Refusal.BAD_CSRF_TOKEN, request, response)) {
      problems.write(response, WebProblem.CROSS_SITE);
    }
  }

  private void refuseWithoutSession(
      HttpServletRequest request, HttpServletResponse response, EndReason reason)
      throws IOException {
    // an ended session and a missing cookie do not count against the budget
    if (!CurrentSession.isUnknown(request)
        || isWithinBudget(Refusal.UNKNOWN_SESSION, request, response)) {
      problems.write(
          response,
          ProblemException.withMembers(
              WebProblem.SIGN_IN_REQUIRED, Map.of("reason", reason.code())));
    }
  }

  /**
   * Records a refusal. Answers 429 and returns false if the budget of the peer address is spent.
   */
  private boolean isWithinBudget(
      Refusal reason, HttpServletRequest request, HttpServletResponse response) throws IOException {
    var wait = log.refused(reason, request, null);
    if (wait.isPositive()) {
      problems.writeRetry(response, HttpProblem.TOO_MANY_REQUESTS, wait);
    }
    return wait.isZero();
  }
}
