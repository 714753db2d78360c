/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.login;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRequestAttributeHandler;

/**
 * Accepts the CSRF token in the header only. Reading a parameter would consume the body that is
 * relayed.
 */
final class CsrfHeaderHandler extends CsrfTokenRequestAttributeHandler {
  CsrfHeaderHandler() {
    setCsrfRequestAttributeName(null); // the token is resolved lazily
  }

  @Override
  public @Nullable String resolveCsrfTokenValue(HttpServletRequest request, CsrfToken csrfToken) {
    return request.getHeader(csrfToken.getHeaderName());
  }
}
