/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.problem;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import rowlock.web.settings.ServerSettings;

/** Adds the security headers to every response, including errors. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class SecurityHeaders implements Filter {
  // own files only, nothing inline, no eval; Trusted Types let no text become markup or script,
  // except templates of the application by lit-html
  private static final String CONTENT_SECURITY_POLICY =
      String.join(
          "; ",
          "default-src 'none'",
          "script-src 'self'",
          "style-src 'self'",
          "img-src 'self' data:",
          "font-src 'self'",
          "connect-src 'self'",
          "manifest-src 'self'",
          "form-action 'self'",
          "base-uri 'none'",
          "frame-ancestors 'none'",
          "require-trusted-types-for 'script'",
          "trusted-types lit-html");

  private static final String PERMISSIONS =
      "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=(),"
          + " publickey-credentials-get=()";

  private final Map<String, String> headers = new LinkedHashMap<>();

  SecurityHeaders(ServerSettings settings) {
    headers.put("Content-Security-Policy", CONTENT_SECURITY_POLICY);
    headers.put("Cross-Origin-Opener-Policy", "same-origin");
    headers.put("Cross-Origin-Resource-Policy", "same-origin");
    headers.put("Origin-Agent-Cluster", "?1");
    headers.put("Permissions-Policy", PERMISSIONS);
    headers.put("Referrer-Policy", "no-referrer");
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("X-Frame-Options", "DENY");
    if (settings.isHttps()) {
      headers.put("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
    }
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    addTo((HttpServletResponse) response);
    chain.doFilter(request, response);
  }

  void addTo(HttpServletResponse response) {
    headers.forEach(response::setHeader);
  }
}
