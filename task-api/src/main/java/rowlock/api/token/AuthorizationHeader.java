/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.authentication.AuthenticationConverter;
import rowlock.api.audit.Refusal;
import rowlock.api.token.PresentedToken.RequestFacts;
import rowlock.api.token.PresentedToken.Scheme;

/**
 * Takes the token from the one Authorization header (RFC 6750 section 2.1) and from nowhere else:
 * not from the query, where it would end up in logs, nor from a form.
 */
final class AuthorizationHeader implements AuthenticationConverter {

  private static final String BEARER = "Bearer";

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
    if (!header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return null; // another scheme: these are no credentials for this API
    }
    if (header.length() == BEARER.length()) {
      throw new RefusedTokenException(Refusal.BAD_AUTHORIZATION_HEADER);
    }
    if (header.charAt(BEARER.length()) != ' ') {
      return null;
    }
    String token = header.substring(BEARER.length() + 1);
    if (token.isBlank()) {
      throw new RefusedTokenException(Refusal.BAD_AUTHORIZATION_HEADER);
    }
    return new PresentedToken(
        Scheme.BEARER,
        token,
        new RequestFacts(
            request.getRemoteAddr(), request.getMethod(), request.getRequestURI(), List.of()));
  }
}
