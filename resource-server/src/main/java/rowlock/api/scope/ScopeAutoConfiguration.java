/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.scope;

import io.micrometer.core.instrument.MeterRegistry;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import org.springdoc.core.customizers.GlobalOperationCustomizer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import rowlock.api.audit.SecurityLog;
import rowlock.api.settings.ScopeSettings;
import rowlock.api.web.ApiProblem;
import rowlock.problem.ProblemWriter;

/** Checks the scopes of all controllers, and adds them to the description of the API. */
@AutoConfiguration
@AutoConfigureOrder(Ordered.HIGHEST_PRECEDENCE) // what Spring Boot would make instead backs off
class ScopeAutoConfiguration implements WebMvcConfigurer {
  /**
   * Runs after the check of the owner, so that a request for a foreign resource is answered 404,
   * and before the step-up check, because another login adds no scope.
   */
  private static final int BEFORE_STEP_UP = 90;

  private final ScopeInterceptor interceptor;

  ScopeAutoConfiguration(
      RouteScopes routes, SecurityLog log, MeterRegistry metrics, ScopeSettings settings) {
    this.interceptor = new ScopeInterceptor(routes, log, metrics, settings.enforced());
  }

  @Bean
  static RouteScopes rowlockRouteScopes(ObjectProvider<RequestMappingHandlerMapping> routes) {
    return new RouteScopes(routes);
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(interceptor).order(BEFORE_STEP_UP);
  }

  @Bean
  static GlobalOperationCustomizer rowlockScopeDescription(RouteScopes routes) {
    return (operation, method) -> {
      var requirement = routes.requirementOf(method);
      if (requirement != null) {
        describe(operation, requirement.ofMappingOf(method).name());
      }
      return operation;
    };
  }

  private static void describe(Operation operation, String scope) {
    var type = ApiProblem.INSUFFICIENT_SCOPE;
    operation
        .getResponses()
        .addApiResponse(
            Integer.toString(type.status()),
            new ApiResponse()
                .description(type.title() + " (RFC 6750): " + scope)
                .content(
                    new Content()
                        .addMediaType(
                            ProblemWriter.MEDIA_TYPE,
                            new MediaType().schema(new Schema<>().$ref("Problem")))));
  }
}
