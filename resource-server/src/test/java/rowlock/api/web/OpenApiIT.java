/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.swagger.v3.oas.annotations.Hidden;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springdoc.core.service.OpenAPIService;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import rowlock.api.ApiServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The OpenAPI description has exactly the routes of the API. */
class OpenApiIT extends ApiServer {
  @Autowired
  @Qualifier("requestMappingHandlerMapping")
  private RequestMappingHandlerMapping routes;

  @Autowired private OpenAPIService descriptions;

  @Test
  void theDescribedOperationsAreTheRoutes() {
    Set<String> described = new TreeSet<>();
    api()
        .get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .propertyNames()
                    .forEach(method -> described.add(method + " " + path.getKey())));
    assertThat(described).isNotEmpty().isEqualTo(routesOfTheApi());
  }

  @Test
  void exactlyTheDescribedRoutesNeedAToken() {
    for (var route : routesOfTheApi()) {
      var path = route.substring(route.indexOf(' ') + 1).replaceAll("\\{[^}]*}", "x");
      assertThat(send(request(path)).statusCode()).as(route).isEqualTo(401);
    }
  }

  @Test
  void everyOperationNamesItsTokenAndItsProblems() {
    var api = api();
    assertThat(api.at("/components/securitySchemes/accessToken/scheme").asString())
        .isEqualTo("bearer");
    assertThat(api.at("/security/0").has("accessToken")).isTrue();
    assertThat(api.at("/servers/0/url").asString()).isEqualTo(PUBLIC_URL);
    assertThat(api.at("/components/schemas/Problem/properties").propertyNames())
        .containsExactlyInAnyOrder("type", "title", "status", "detail", "rfc", "errors", "scope");
    api.get("paths")
        .forEach(
            path ->
                path.forEach(
                    operation -> {
                      var responses = operation.get("responses");
                      assertThat(responses.propertyNames())
                          .contains("401", "404", "503", "default");
                      assertThat(responses.at("/401/content").propertyNames())
                          .containsExactly("application/problem+json");
                      if (operation.has("requestBody")) {
                        assertThat(responses.propertyNames()).contains("400", "413", "415", "422");
                      }
                    }));
  }

  @Test
  void theOwnerIsNoParameterThatAClientCouldSend() {
    api()
        .get("paths")
        .forEach(
            path ->
                path.forEach(
                    operation ->
                        operation
                            .path("parameters")
                            .forEach(
                                parameter ->
                                    assertThat(parameter.get("name").asString())
                                        .isNotIn("sessionId", "issuedAt", "request"))));
  }

  @Test
  void swaggerPage_isServed() {
    assertThat(send(request("/swagger-ui.html")).statusCode()).isIn(200, 302);
    assertThat(send(request("/swagger-ui/index.html")).statusCode()).isEqualTo(200);
  }

  @Test
  void description_isGeneratedOnceForAllLanguages() {
    assertThat(send(request("/v3/api-docs").header("Accept-Language", "de")).body())
        .isEqualTo(send(request("/v3/api-docs")).body());
    assertThat(descriptions.getCachedOpenAPI(Locale.GERMAN)).isNull();
    assertThat(descriptions.getCachedOpenAPI(Locale.ENGLISH)).isNotNull();
  }

  @Test
  void noPageRepeatsTheHostOfTheRequest() {
    for (var path :
        new String[] {
          "/v3/api-docs",
          "/v3/api-docs.yaml",
          "/v3/api-docs/swagger-config",
          "/swagger-ui.html",
          "/swagger-ui/index.html",
          "/swagger-ui/swagger-initializer.js",
          "/problems"
        }) {
      var answer =
          raw("GET " + path + " HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
      assertThat(answer).as(path).doesNotContain("evil.example");
    }
  }

  private JsonNode api() {
    return JsonMapper.builder().build().readTree(send(request("/v3/api-docs")).body());
  }

  private Set<String> routesOfTheApi() {
    return routes.getHandlerMethods().entrySet().stream()
        .filter(route -> route.getValue().getBeanType().getPackageName().startsWith("rowlock."))
        .filter(route -> !route.getValue().getBeanType().isAnnotationPresent(Hidden.class))
        .flatMap(
            route ->
                route.getKey().getPatternValues().stream()
                    .flatMap(
                        pattern ->
                            route.getKey().getMethodsCondition().getMethods().stream()
                                .map(
                                    method ->
                                        method.name().toLowerCase(Locale.ROOT) + " " + pattern)))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
