/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.login;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRequestAttributeHandler;

/** The token counts in the header only: looking into a body would take it from the relay. */
final class CsrfHeader extends CsrfTokenRequestAttributeHandler {

  CsrfHeader() {
    setCsrfRequestAttributeName(null); // asked for where it is needed only
  }

  @Override
  public @Nullable String resolveCsrfTokenValue(HttpServletRequest request, CsrfToken csrfToken) {
    return request.getHeader(csrfToken.getHeaderName());
  }
}
