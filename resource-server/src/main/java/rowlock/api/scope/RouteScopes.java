/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.scope;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import rowlock.api.settings.RefusedApplicationException;
import rowlock.api.token.SupportedScopes;

/**
 * The requirements of all routes. Reads them at the start, so that an invalid one stops it.
 * Thread-safe.
 */
final class RouteScopes implements SupportedScopes, SmartInitializingSingleton {
  /** A method and its controller, because several controllers can inherit one method. */
  private record Route(Class<?> controller, Method method) {}

  private final ObjectProvider<RequestMappingHandlerMapping> routes;

  /** {@code Optional}, because the map cannot contain null. */
  private final Map<Route, Optional<ScopeRequirement>> requirements = new ConcurrentHashMap<>();

  private final Set<String> scopes = ConcurrentHashMap.newKeySet();

  RouteScopes(ObjectProvider<RequestMappingHandlerMapping> routes) {
    this.routes = routes;
  }

  @Override
  public void afterSingletonsInstantiated() {
    routes.stream()
        .flatMap(mapping -> mapping.getHandlerMethods().values().stream())
        .forEach(this::requirementOf);
  }

  @Override
  public Set<String> names() {
    return new TreeSet<>(scopes);
  }

  /** Returns the requirement of a route, or null if it has none. */
  @Nullable ScopeRequirement requirementOf(HandlerMethod handler) {
    var route = new Route(handler.getBeanType(), handler.getMethod());
    var known = requirements.get(route);
    if (known == null) {
      known = Optional.ofNullable(read(handler));
      requirements.put(route, known);
    }
    return known.orElse(null);
  }

  private @Nullable ScopeRequirement read(HandlerMethod handler) {
    ScopeRequirement requirement;
    try {
      requirement = ScopeRequirement.of(handler);
    } catch (IllegalArgumentException e) {
      throw new RefusedApplicationException(
          "The @RequiredScope of "
              + handler.getShortLogMessage()
              + " is invalid: "
              + e.getMessage(),
          "Name one scope each for read and write.");
    }
    if (requirement != null) {
      scopes.add(requirement.read().name());
      scopes.add(requirement.write().name());
    }
    return requirement;
  }
}
