/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.scope;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;

/**
 * The requirement of a {@link RequiredScope}.
 *
 * @param read the scope of requests that read
 * @param write the scope of requests that write
 * @param safe whether all requests read
 */
record ScopeRequirement(Scope read, Scope write, boolean safe) {
  /** A scope-token of RFC 6749 §3.3, which a challenge can contain without escaping. */
  private static final Pattern SCOPE = Pattern.compile("[\\x21\\x23-\\x5b\\x5d-\\x7e]+");

  /**
   * A scope, and the authority of the tokens that have it.
   *
   * @param name the scope as in the claim {@code scope}
   * @param authority the authority for Spring Security
   */
  record Scope(String name, String authority) {
    static Scope of(String name) {
      if (!SCOPE.matcher(name).matches()) {
        throw new IllegalArgumentException("\"" + name + "\" is not one scope (RFC 6749 §3.3)");
      }
      return new Scope(name, "SCOPE_" + name);
    }

    /** Returns whether the token has exactly this scope. */
    boolean isGrantedBy(Authentication token) {
      for (var granted : token.getAuthorities()) {
        if (authority.equals(granted.getAuthority())) {
          return true;
        }
      }
      return false;
    }
  }

  /**
   * Returns the requirement of a method, or of its class; null if neither has one.
   *
   * @throws IllegalArgumentException if the annotation names no valid scope
   */
  static @Nullable ScopeRequirement of(HandlerMethod handler) {
    var required = handler.getMethodAnnotation(RequiredScope.class);
    if (required == null) {
      required =
          AnnotatedElementUtils.findMergedAnnotation(handler.getBeanType(), RequiredScope.class);
    }
    return required == null
        ? null
        : new ScopeRequirement(
            Scope.of(required.read()), Scope.of(required.write()), required.safe());
  }

  /** Returns the scope that a request with this HTTP method requires. */
  Scope of(String method) {
    return safe || method.equals("GET") || method.equals("HEAD") ? read : write;
  }

  /** Returns the scope that the requests which the handler is mapped to require. */
  Scope ofMappingOf(HandlerMethod handler) {
    var mapping = handler.getMethodAnnotation(RequestMapping.class);
    var methods = mapping == null ? new RequestMethod[0] : mapping.method();
    return methods.length == 1 ? of(methods[0].name()) : safe ? read : write;
  }
}
