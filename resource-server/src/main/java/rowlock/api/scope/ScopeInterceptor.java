/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.scope;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import rowlock.api.audit.Refusal;
import rowlock.api.audit.SecurityLog;
import rowlock.api.owner.Owner;
import rowlock.api.scope.ScopeRequirement.Scope;
import rowlock.api.web.ApiProblem;
import rowlock.problem.ProblemException;

/**
 * Refuses requests whose token lacks the scope of the route, and restricts those whose token may
 * only read. Costs a look-up by method, and a comparison with the scopes of the token.
 */
final class ScopeInterceptor implements HandlerInterceptor {
  private final RouteScopes routes;
  private final SecurityLog log;
  private final MeterRegistry metrics;
  private final boolean enforced;

  /**
   * @param enforced whether requests without the scope are refused; otherwise they are counted
   */
  ScopeInterceptor(RouteScopes routes, SecurityLog log, MeterRegistry metrics, boolean enforced) {
    this.routes = routes;
    this.log = log;
    this.metrics = metrics;
    this.enforced = enforced;
  }

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    if (handler instanceof HandlerMethod method) {
      var requirement = routes.requirementOf(method);
      if (requirement != null) {
        check(request, requirement);
      }
    }
    return true;
  }

  private void check(HttpServletRequest request, ScopeRequirement requirement) {
    if (!(SecurityContextHolder.getContext().getAuthentication()
        instanceof JwtAuthenticationToken token)) {
      // a filter chain of the application has admitted it without a token
      throw new ProblemException(ApiProblem.AUTHENTICATION_REQUIRED);
    }
    var required = requirement.of(request.getMethod());
    if (!required.isGrantedBy(token)) {
      refuse(request, required);
    } else if (enforced && !requirement.write().isGrantedBy(token) && Owner.isBound()) {
      Owner.restrictToReading(requirement.write().name());
    }
  }

  private void refuse(HttpServletRequest request, Scope required) {
    Counter.builder("rowlock.scope.missing")
        .description("Requests whose token lacks the scope of the route")
        .tag("scope", required.name())
        .tag("outcome", enforced ? "refused" : "admitted")
        .register(metrics)
        .increment();
    if (enforced) {
      log.refused(
          Refusal.INSUFFICIENT_SCOPE,
          request.getRemoteAddr(),
          null,
          Owner.isBound() ? Owner.current().clientId() : null,
          "scope");
      throw ApiProblem.insufficientScope(required.name());
    }
  }
}
