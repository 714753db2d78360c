/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.springframework.web.servlet.HandlerInterceptor;
import rowlock.api.owner.Owner;
import rowlock.problem.HttpProblem;
import rowlock.problem.ProblemException;

/**
 * Refuses requests with a token while the issuer has been silent for too long, in fail-closed mode.
 * The tokens may be valid, and will be accepted later: 503, not 401.
 */
final class FailClosedInterceptor implements HandlerInterceptor {
  private static final Duration RETRY = Duration.ofSeconds(10);

  private final IssuerLiveness liveness;

  FailClosedInterceptor(IssuerLiveness liveness) {
    this.liveness = liveness;
  }

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    if (liveness.closesRequests() && Owner.isBound()) {
      throw ProblemException.retryAfter(HttpProblem.SERVICE_UNAVAILABLE, RETRY);
    }
    return true;
  }
}
