/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.owner;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;
import rowlock.api.web.ApiProblem;
import rowlock.problem.HttpProblem;
import rowlock.problem.ProblemException;

/**
 * Checks the path variable {@code {owner}}: {@code me} or the exact {@code sub} of the token. Any
 * other value is answered as an unknown resource, before a controller or the database is called, so
 * that neither the response nor its timing reveals whether such a user exists. Also passes the
 * owner to controllers.
 */
final class OwnerPath implements HandlerInterceptor, HandlerMethodArgumentResolver {
  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    var variables = request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE);
    if (variables instanceof Map<?, ?> path && path.get("owner") instanceof String named) {
      if (!Owner.isBound()) {
        // a filter chain of the application has admitted it without a token
        throw new ProblemException(ApiProblem.AUTHENTICATION_REQUIRED);
      }
      if (!named.equals("me") && !named.equals(Owner.current().id().toString())) {
        throw new ProblemException(HttpProblem.NOT_FOUND);
      }
    }
    return true;
  }

  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return parameter.getParameterType() == Owner.class;
  }

  @Override
  public Owner resolveArgument(
      MethodParameter parameter,
      @Nullable ModelAndViewContainer container,
      NativeWebRequest request,
      @Nullable WebDataBinderFactory binders) {
    return Owner.current();
  }
}
