/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Tests that every route of an application requires a scope. Extend it in a test with {@link
 * RowlockTest}. It discovers the routes, so that a new route without a scope fails the build:
 *
 * <pre>{@code
 * @RowlockTest
 * class NoteScopeIT extends ScopeContract {}
 * }</pre>
 *
 * <p>It knows the routes by their answers alone. Requests have no body and new ids in their paths,
 * so that they change nothing.
 */
public abstract class ScopeContract {
  private static final Pattern SCOPE =
      Pattern.compile("error=\"insufficient_scope\", scope=\"([^\"]*)\"");

  /** Routes without a token of their own, or of the test kit. */
  private static final List<String> OTHER_PACKAGES =
      List.of("rowlock.api.", "org.springdoc.", "org.springframework.");

  /** The media type that a route requires of a body, without which it does not match. */
  private final Map<String, String> consumed = new HashMap<>();

  @Autowired private RowlockClient client;

  @Autowired
  @Qualifier("requestMappingHandlerMapping")
  private RequestMappingHandlerMapping routes;

  /**
   * Returns the routes of the application that are served without a token, such as {@code GET
   * /prices}.
   */
  protected Set<String> publicRoutes() {
    return Set.of();
  }

  /** Returns the scope that each route requires, by method and pattern such as {@code GET /a}. */
  protected final Map<String, String> requiredScopes() {
    Map<String, String> required = new TreeMap<>();
    for (var route : routes()) {
      var scope = missingScope(send(route, token("")));
      assertThat(scope).as("the scope that %s requires", route).isNotNull();
      required.put(route, scope);
    }
    return required;
  }

  private List<String> routes() {
    List<String> found = new ArrayList<>();
    routes
        .getHandlerMethods()
        .forEach(
            (mapping, handler) -> {
              var name = handler.getBeanType().getName();
              if (OTHER_PACKAGES.stream().anyMatch(name::startsWith)) {
                return;
              }
              var methods = mapping.getMethodsCondition().getMethods();
              for (var method : methods.isEmpty() ? Set.of(RequestMethod.values()) : methods) {
                for (var path : mapping.getPatternValues()) {
                  found.add(method + " " + path);
                  if (method == RequestMethod.GET) {
                    found.add("HEAD " + path);
                  }
                  mapping.getConsumesCondition().getConsumableMediaTypes().stream()
                      .filter(MediaType::isConcrete)
                      .findFirst()
                      .ifPresent(type -> consumed.put(method + " " + path, type.toString()));
                }
              }
            });
    assertThat(found).as("routes of the application").isNotEmpty();
    assertThat(found).as("routes").containsAll(publicRoutes());
    found.removeAll(publicRoutes());
    found.removeIf(route -> route.startsWith("TRACE ") || route.startsWith("OPTIONS "));
    return found;
  }

  private OwnerClient token(@Nullable String scope) {
    return client.as(
        UUID.randomUUID(),
        claims -> {
          if (scope == null) {
            claims.remove("scope");
          } else {
            claims.put("scope", scope);
          }
        });
  }

  private HttpResponse<String> send(String route, OwnerClient owner) {
    var space = route.indexOf(' ');
    var path =
        route
            .substring(space + 1)
            .replace("{owner}", "me")
            .replaceAll("\\{[^}]*}", UUID.randomUUID().toString());
    var request = owner.request(path).method(route.substring(0, space), BodyPublishers.noBody());
    var type = consumed.get(route);
    return client.send(type == null ? request : request.header("Content-Type", type));
  }

  private static @Nullable String missingScope(HttpResponse<String> answer) {
    var challenge = SCOPE.matcher(answer.headers().firstValue("WWW-Authenticate").orElse(""));
    return answer.statusCode() == 403 && challenge.find() ? challenge.group(1) : null;
  }

  @Test
  void everyRoute_withoutToken_isUnauthorized() {
    for (var route : routes()) {
      var space = route.indexOf(' ');
      var path = route.substring(space + 1).replaceAll("\\{[^}]*}", "me");
      var request = client.request(path).method(route.substring(0, space), BodyPublishers.noBody());
      assertThat(client.send(request).statusCode()).as(route).isEqualTo(401);
    }
  }

  @Test
  void everyRoute_withoutItsScope_isRefusedAndNamesTheScope() {
    requiredScopes()
        .forEach(
            (route, scope) -> {
              List<@Nullable String> refused = new ArrayList<>();
              refused.add(null);
              refused.add(String.join(" ", otherScopes(scope)));
              // only the exact name is the scope
              refused.add(scope + "s");
              refused.add(scope.substring(1));
              refused.add(scope.toUpperCase(Locale.ROOT));
              refused.add("\"" + scope + "\"");
              for (var granted : refused) {
                var answer = send(route, token(granted));
                assertThat(missingScope(answer)).as("%s with %s", route, granted).isEqualTo(scope);
                assertThat(answer.headers().allValues("WWW-Authenticate"))
                    .allMatch(challenge -> challenge.contains("scope=\"" + scope + "\""));
                assertThat(answer.headers().firstValue("Content-Type"))
                    .contains("application/problem+json");
                if (!route.startsWith("HEAD ")) {
                  assertThat(answer.body())
                      .contains("/problems/insufficient-scope\"", "\"scope\":\"" + scope + "\"");
                }
              }
            });
  }

  private List<String> otherScopes(String scope) {
    return client.scopes().stream().filter(other -> !other.equals(scope)).toList();
  }

  @Test
  void everyRoute_withItsScopeOnly_isServed() {
    requiredScopes()
        .forEach(
            (route, scope) ->
                assertThat(missingScope(send(route, token("openid " + scope + " email"))))
                    .as(route)
                    .isNull());
  }

  @Test
  void metadata_namesTheScopes() {
    assertThat(client.scopes()).containsAll(requiredScopes().values());
  }
}
