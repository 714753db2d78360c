/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import rowlock.api.audit.Refusal;
import rowlock.api.audit.SecurityLog;
import rowlock.api.web.ApiProblem;
import rowlock.problem.HttpProblem;
import rowlock.problem.Problem;
import rowlock.problem.ProblemException;
import rowlock.problem.ProblemWriter;

/** Answers refused requests: logs the reason, and sends little detail to the client. */
final class RefusalHandler implements AuthenticationEntryPoint, AccessDeniedHandler {
  private final ProblemWriter problems;
  private final SecurityLog log;

  RefusalHandler(ProblemWriter problems, SecurityLog log) {
    this.problems = problems;
    this.log = log;
  }

  @Override
  public void commence(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
      throws IOException {
    if (failure instanceof RefusedTokenException refused) {
      log.refused(
          refused.reason(),
          request.getRemoteAddr(),
          refused.kid(),
          refused.clientId(),
          refused.claim());
      problems.write(response, answerTo(refused));
    } else {
      refuse(request, response, Refusal.NO_CREDENTIALS, ApiProblem.AUTHENTICATION_REQUIRED);
    }
  }

  private static ProblemException answerTo(RefusedTokenException refused) {
    return switch (refused.reason()) {
      case NO_KEYS ->
          ProblemException.retryAfter(HttpProblem.SERVICE_UNAVAILABLE, IssuerKeys.retryAfter());
      case OVER_BUDGET ->
          ProblemException.retryAfter(HttpProblem.TOO_MANY_REQUESTS, refused.retryAfter());
      case PROOF_MISSING,
          PROOF_MALFORMED,
          PROOF_OF_ANOTHER_REQUEST,
          PROOF_OF_ANOTHER_TOKEN,
          PROOF_OF_ANOTHER_KEY,
          PROOF_NOT_CURRENT,
          PROOF_BAD_SIGNATURE ->
          new ProblemException(ApiProblem.INVALID_DPOP_PROOF);
      case BAD_AUTHORIZATION_HEADER -> new ProblemException(ApiProblem.INVALID_AUTHORIZATION);
      default -> invalidToken(refused.claim());
    };
  }

  /**
   * Names the claim in the challenge, as the auth-param {@code claim}, if the signature is valid
   * and one claim is the cause. The body is the same for every invalid token.
   */
  private static ProblemException invalidToken(@Nullable String claim) {
    return claim == null
        ? new ProblemException(ApiProblem.INVALID_TOKEN)
        : ProblemException.challenge(ApiProblem.INVALID_TOKEN, Map.of("claim", claim));
  }

  @Override
  public void handle(
      HttpServletRequest request, HttpServletResponse response, AccessDeniedException denied)
      throws IOException {
    refuse(request, response, Refusal.INSUFFICIENT_SCOPE, ApiProblem.INSUFFICIENT_SCOPE);
  }

  private void refuse(
      HttpServletRequest request, HttpServletResponse response, Refusal reason, Problem answer)
      throws IOException {
    log.refused(reason, request.getRemoteAddr(), null, null);
    problems.write(response, answer);
  }
}
