/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.security.web.FilterChainProxy;
import org.springframework.security.web.FilterInvocation;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import rowlock.api.settings.RefusedApplicationException;

/**
 * Refuses to start if a {@link SecurityFilterChain} of the application matches a path with {@code
 * {owner}} before the engine's chain: its requests would pass without a check of their token.
 */
final class FilterChainGuard implements SmartInitializingSingleton {
  static final String REMEDY = "Give it a securityMatcher for the paths that it is for.";

  private static final String OWNER = "{owner}";

  private record Route(RequestMethod method, String path) {}

  private final FilterChainProxy proxy;
  private final SecurityFilterChain engine;
  private final WebApplicationContext beans;

  /**
   * @param proxy all chains
   * @param engine the chain that checks tokens
   */
  FilterChainGuard(
      FilterChainProxy proxy, SecurityFilterChain engine, WebApplicationContext beans) {
    this.proxy = proxy;
    this.engine = engine;
    this.beans = beans;
  }

  /**
   * @throws RefusedApplicationException naming the bean and the path
   */
  @Override
  public void afterSingletonsInstantiated() {
    beans.getBeansOfType(RequestMappingHandlerMapping.class).values().stream()
        .flatMap(mapping -> mapping.getHandlerMethods().keySet().stream())
        .flatMap(FilterChainGuard::requests)
        .sorted(Comparator.comparing(Route::path).thenComparing(Route::method))
        .forEach(this::check);
  }

  private static Stream<Route> requests(RequestMappingInfo mapping) {
    var named = mapping.getMethodsCondition().getMethods();
    Collection<RequestMethod> methods = named.isEmpty() ? List.of(RequestMethod.values()) : named;
    return mapping.getPatternValues().stream()
        .filter(pattern -> pattern.contains(OWNER))
        .map(pattern -> pattern.replace(OWNER, "me").replaceAll("\\{[^/]*}", "x"))
        .flatMap(path -> methods.stream().map(method -> new Route(method, path)));
  }

  private void check(Route route) {
    var request =
        new RequestForMatching(
            new FilterInvocation("", route.path(), route.method().name(), beans.getServletContext())
                .getRequest());
    for (var chain : proxy.getFilterChains()) {
      if (chain == engine) {
        return;
      }
      if (matches(chain, request)) {
        throw new RefusedApplicationException(
            "The SecurityFilterChain "
                + nameOf(chain)
                + " matches "
                + route.method()
                + " "
                + route.path()
                + ", so requests would pass without a check of their token.",
            REMEDY);
      }
    }
  }

  private static boolean matches(SecurityFilterChain chain, HttpServletRequest request) {
    try {
      return chain.matches(request);
    } catch (UnsupportedOperationException e) {
      return false; // OwnerPath still rejects a request without an owner
    }
  }

  private String nameOf(SecurityFilterChain chain) {
    for (var bean : beans.getBeansOfType(SecurityFilterChain.class).entrySet()) {
      if (bean.getValue() == chain) {
        return bean.getKey();
      }
    }
    return "of WebSecurity.ignoring()";
  }

  /** A request of a method and a path, to which matchers may attach attributes. */
  private static final class RequestForMatching extends HttpServletRequestWrapper {
    private final Map<String, Object> attributes = new HashMap<>();

    RequestForMatching(HttpServletRequest request) {
      super(request);
    }

    @Override
    public @Nullable Object getAttribute(String name) {
      return attributes.get(name);
    }

    @Override
    public void setAttribute(String name, Object value) {
      attributes.put(name, value);
    }

    @Override
    public void removeAttribute(String name) {
      attributes.remove(name);
    }
  }
}
