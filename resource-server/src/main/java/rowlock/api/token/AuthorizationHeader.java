/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.authentication.AuthenticationConverter;
import rowlock.api.audit.Refusal;
import rowlock.api.token.PresentedToken.RequestFacts;
import rowlock.api.token.PresentedToken.Scheme;

/**
 * Reads the token from the single Authorization header (RFC 6750 §2.1, RFC 9449 §7.1). Ignores the
 * query, where it would be logged, and form parameters.
 */
final class AuthorizationHeader implements AuthenticationConverter {
  @Override
  public @Nullable PresentedToken convert(HttpServletRequest request) {
    var headers = request.getHeaders("Authorization");
    if (!headers.hasMoreElements()) {
      return null;
    }
    var header = headers.nextElement();
    if (headers.hasMoreElements()) {
      throw new RefusedTokenException(Refusal.BAD_AUTHORIZATION_HEADER);
    }
    var space = header.indexOf(' ');
    var scheme = scheme(space < 0 ? header : header.substring(0, space));
    if (scheme == null) {
      return null; // another scheme, which this API does not support
    }
    var token = space < 0 ? "" : header.substring(space + 1);
    if (token.isBlank()) {
      throw new RefusedTokenException(Refusal.BAD_AUTHORIZATION_HEADER);
    }
    List<String> proofs =
        scheme == Scheme.DPOP ? Collections.list(request.getHeaders("DPoP")) : List.of();
    return new PresentedToken(
        scheme,
        token,
        new RequestFacts(
            request.getRemoteAddr(), request.getMethod(), request.getRequestURI(), proofs));
  }

  /** Schemes are case-insensitive (RFC 9110 §11.1). */
  private static @Nullable Scheme scheme(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "bearer" -> Scheme.BEARER;
      case "dpop" -> Scheme.DPOP;
      default -> null;
    };
  }
}
