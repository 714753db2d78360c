/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.time.Clock;
import java.util.stream.Collectors;
import org.springdoc.core.customizers.GlobalOperationCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import rowlock.api.audit.SecurityLog;
import rowlock.api.settings.TokenSettings;
import rowlock.api.web.ApiProblem;
import rowlock.problem.ProblemWriter;

/** Applies the step-up check to all controllers, and adds it to the description of the API. */
@Configuration(proxyBeanMethods = false)
class StepUpConfiguration implements WebMvcConfigurer {
  /**
   * Runs after the other interceptors: a request for a foreign resource is answered 404, not
   * challenged.
   */
  private static final int LAST = 100;

  private final StepUpInterceptor interceptor;

  StepUpConfiguration(SecurityLog log, Clock clock, TokenSettings settings) {
    this.interceptor = new StepUpInterceptor(log, clock, settings.clockSkew());
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(interceptor).order(LAST);
  }

  @Bean
  static GlobalOperationCustomizer rowlockStepUpDescription() {
    return (operation, method) -> {
      var requirement = StepUpInterceptor.requirementOf(method);
      if (requirement != null) {
        describe(operation, requirement);
      }
      return operation;
    };
  }

  private static void describe(Operation operation, StepUpRequirement requirement) {
    var parameters =
        requirement.challenge().entrySet().stream()
            .map(parameter -> parameter.getKey() + "=\"" + parameter.getValue() + "\"")
            .collect(Collectors.joining(", "));
    var type = ApiProblem.INSUFFICIENT_USER_AUTHENTICATION;
    operation
        .getResponses()
        .addApiResponse(
            Integer.toString(type.status()),
            new ApiResponse()
                .description(
                    ApiProblem.AUTHENTICATION_REQUIRED.title()
                        + ", or insufficient user authentication (RFC 9470): "
                        + parameters)
                .content(
                    new Content()
                        .addMediaType(
                            ProblemWriter.MEDIA_TYPE,
                            new MediaType().schema(new Schema<>().$ref("Problem")))));
  }
}
