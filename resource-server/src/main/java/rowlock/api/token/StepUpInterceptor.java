/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Method;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import rowlock.api.audit.Refusal;
import rowlock.api.audit.SecurityLog;
import rowlock.api.web.ApiProblem;
import rowlock.problem.ProblemException;

/** Checks requests for {@link StepUp} methods. */
final class StepUpInterceptor implements HandlerInterceptor {
  private final SecurityLog log;
  private final Clock clock;
  private final Duration clockSkew;

  /** The requirement of each method; {@code Optional}, because the map cannot contain null. */
  private final Map<Method, Optional<StepUpRequirement>> requirements = new ConcurrentHashMap<>();

  StepUpInterceptor(SecurityLog log, Clock clock, Duration clockSkew) {
    this.log = log;
    this.clock = clock;
    this.clockSkew = clockSkew;
  }

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    if (handler instanceof HandlerMethod method) {
      requirements
          .computeIfAbsent(
              method.getMethod(), unknown -> Optional.ofNullable(requirementOf(method)))
          .ifPresent(requirement -> hold(request, requirement));
    }
    return true;
  }

  /** Returns the requirement of the annotation, or null if the method has none. */
  static @Nullable StepUpRequirement requirementOf(HandlerMethod method) {
    var annotation = method.getMethodAnnotation(StepUp.class);
    return annotation == null ? null : StepUpRequirement.of(annotation);
  }

  private void hold(HttpServletRequest request, StepUpRequirement requirement) {
    var token = token();
    if (token == null || !requirement.isMetBy(token, clock.instant(), clockSkew)) {
      log.refused(
          Refusal.INSUFFICIENT_USER_AUTHENTICATION,
          request.getRemoteAddr(),
          token == null ? null : String.valueOf(token.getHeaders().get("kid")),
          token == null ? null : token.getClaimAsString("client_id"));
      throw ProblemException.challenge(
          ApiProblem.INSUFFICIENT_USER_AUTHENTICATION, requirement.challenge());
    }
  }

  private static @Nullable Jwt token() {
    return SecurityContextHolder.getContext().getAuthentication()
            instanceof JwtAuthenticationToken authentication
        ? authentication.getToken()
        : null;
  }
}
