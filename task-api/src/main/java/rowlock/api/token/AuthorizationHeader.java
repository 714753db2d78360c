/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.server.resource.web.BearerTokenResolver;

/**
 * Takes the token from the one Authorization header (RFC 6750 section 2.1) and from nowhere else:
 * not from the query, where it would end up in logs, nor from a form.
 */
final class AuthorizationHeader implements BearerTokenResolver {

  private static final String SCHEME = "Bearer";

  @Override
  public @Nullable String resolve(HttpServletRequest request) {
    Enumeration<String> headers = request.getHeaders("Authorization");
    if (!headers.hasMoreElements()) {
      return null;
    }
    String header = headers.nextElement();
    if (headers.hasMoreElements()) {
      throw new BadAuthorizationHeaderException();
    }
    if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return null; // another scheme: these are no credentials for this API
    }
    if (header.length() == SCHEME.length()) {
      throw new BadAuthorizationHeaderException();
    }
    if (header.charAt(SCHEME.length()) != ' ') {
      return null;
    }
    String token = header.substring(SCHEME.length() + 1);
    if (token.isBlank()) {
      throw new BadAuthorizationHeaderException();
    }
    return token;
  }
}
