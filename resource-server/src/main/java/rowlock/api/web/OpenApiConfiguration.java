/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import rowlock.api.settings.ApiSettings;
import rowlock.api.settings.ServerSettings;
import rowlock.problem.FieldError;
import rowlock.problem.HttpProblem;
import rowlock.problem.Problem;
import rowlock.problem.ProblemWriter;

/** Describes the API: its server, its tokens, and the problems of every operation. */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {
  private static final String TOKEN = "accessToken";
  private static final String PROBLEM = "Problem";

  private static final List<Problem> ALWAYS =
      List.of(
          ApiProblem.AUTHENTICATION_REQUIRED,
          HttpProblem.NOT_FOUND,
          HttpProblem.TOO_MANY_REQUESTS,
          HttpProblem.SERVICE_UNAVAILABLE);
  private static final List<Problem> WITH_BODY =
      List.of(
          ApiProblem.MALFORMED_JSON,
          HttpProblem.CONTENT_TOO_LARGE,
          HttpProblem.UNSUPPORTED_MEDIA_TYPE,
          ApiProblem.INVALID_CONTENT);

  /**
   * The schema of every error (RFC 9457).
   *
   * @param type URL of the page that explains the problem
   * @param title short summary that never changes
   * @param status the HTTP status
   * @param detail advice for the developer of a client
   * @param rfc URL of the section of the standard
   * @param errors invalid members of the request body
   * @param scope the scope that the access token lacks
   */
  @io.swagger.v3.oas.annotations.media.Schema(name = PROBLEM)
  record ProblemBody(
      URI type,
      String title,
      int status,
      String detail,
      URI rfc,
      @Nullable List<FieldError> errors,
      @Nullable String scope) {}

  @Bean
  @ConditionalOnMissingBean
  OpenAPI openApi(ApiSettings api, ServerSettings server) {
    return new OpenAPI()
        .info(new Info().title(api.name()).version("1").description(api.description()))
        .servers(List.of(new Server().url(server.publicUrl().toString())))
        .components(
            new Components()
                .addSecuritySchemes(
                    TOKEN,
                    new SecurityScheme()
                        .type(SecurityScheme.Type.HTTP)
                        .scheme("bearer")
                        .bearerFormat("JWT")
                        .description(
                            "Access token of the issuer (RFC 9068). Send a token that is bound to a key with the"
                                + " scheme DPoP and a proof in the header DPoP (RFC 9449).")))
        .security(List.of(new SecurityRequirement().addList(TOKEN)));
  }

  /** Global, so that it applies to groups and to an {@code OpenAPI} bean of the application too. */
  @Bean
  GlobalOpenApiCustomizer rowlockProblemResponses() {
    return api -> {
      if (api.getComponents() == null) {
        api.setComponents(new Components());
      }
      ModelConverters.getInstance(true)
          .read(ProblemBody.class)
          .forEach((name, schema) -> api.getComponents().addSchemas(name, schema));
      if (api.getPaths() != null) {
        api.getPaths()
            .values()
            .forEach(path -> path.readOperations().forEach(OpenApiConfiguration::addProblems));
      }
    };
  }

  private static void addProblems(Operation operation) {
    var responses = operation.getResponses();
    ALWAYS.forEach(type -> add(responses, type));
    if (operation.getRequestBody() != null) {
      WITH_BODY.forEach(type -> add(responses, type));
    }
    responses.addApiResponse(ApiResponses.DEFAULT, response("Any other problem"));
  }

  private static void add(ApiResponses responses, Problem type) {
    responses.putIfAbsent(Integer.toString(type.status()), response(type.title()));
  }

  private static ApiResponse response(String description) {
    return new ApiResponse()
        .description(description)
        .content(
            new Content()
                .addMediaType(
                    ProblemWriter.MEDIA_TYPE,
                    new MediaType().schema(new Schema<>().$ref(PROBLEM))));
  }
}
