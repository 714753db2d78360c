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
import rowlock.web.problem.ProblemType;
import rowlock.web.problem.ProblemWriter;
import rowlock.web.session.CurrentSession;
import rowlock.web.session.EndReason;
import rowlock.web.session.SessionState;

/**
 * Says that a session is needed, and what became of the one there was; who has none need not hear
 * of tokens.
 */
final class Refusals implements AuthenticationEntryPoint, AccessDeniedHandler {

  private final ProblemWriter problems;

  Refusals(ProblemWriter problems) {
    this.problems = problems;
  }

  @Override
  public void commence(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
      throws IOException {
    EndReason reason =
        CurrentSession.of(request) instanceof SessionState.Gone gone
            ? gone.reason()
            : EndReason.NONE;
    problems.write(response, ProblemType.SIGN_IN_REQUIRED, Map.of("reason", reason.code()));
  }

  @Override
  public void handle(
      HttpServletRequest request, HttpServletResponse response, AccessDeniedException failure)
      throws IOException {
    if (CurrentSession.of(request) instanceof SessionState.Gone gone) {
      problems.write(
          response, ProblemType.SIGN_IN_REQUIRED, Map.of("reason", gone.reason().code()));
    } else {
      problems.write(response, ProblemType.CROSS_SITE);
    }
  }
}
