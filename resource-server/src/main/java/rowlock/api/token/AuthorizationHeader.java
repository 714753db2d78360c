/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.authentication.AuthenticationConverter;
import rowlock.api.audit.Refusal;
import rowlock.api.token.PresentedToken.RequestFacts;
import rowlock.api.token.PresentedToken.Scheme;

/**
 * Takes the token from the one Authorization header (RFC 6750 section 2.1, RFC 9449 section 7.1)
 * and from nowhere else: not from the query, where it would end up in logs, nor from a form.
 */
final class AuthorizationHeader implements AuthenticationConverter {

  @Override
  public @Nullable PresentedToken convert(HttpServletRequest request) {
    Enumeration<String> headers = request.getHeaders("Authorization");
    if (!headers.hasMoreElements()) {
      return null;
    }
    String header = headers.nextElement();
    if (headers.hasMoreElements()) {
      throw new RefusedTokenException(Refusal.BAD_AUTHORIZATION_HEADER);
    }
    int space = header.indexOf(' ');
    Scheme scheme = scheme(space < 0 ? header : header.substring(0, space));
    if (scheme == null) {
      return null; // another scheme: these are no credentials for this API
    }
    String token = space < 0 ? "" : header.substring(space + 1);
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

  /** Schemes have no case (RFC 9110 section 11.1). */
  private static @Nullable Scheme scheme(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "bearer" -> Scheme.BEARER;
      case "dpop" -> Scheme.DPOP;
      default -> null;
    };
  }
}
