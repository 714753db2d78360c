/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;

/**
 * The session cookie. Because of its prefix, browsers reject it from another host and over plain
 * http (RFC 6265bis section 4.1.3.2). It is HttpOnly and SameSite=Strict: requests of other sites,
 * including links, do not carry it. The page itself contains no personal data and requests it from
 * its own site.
 */
final class SessionCookie {
  static final String NAME = "__Host-rowlock";

  private SessionCookie() {}

  /** Returns the secret, or null if the cookie is missing, malformed or present more than once. */
  static @Nullable SessionSecret read(HttpServletRequest request) {
    var cookies = request.getCookies();
    String found = null;
    for (var i = 0; cookies != null && i < cookies.length; i++) {
      if (cookies[i].getName().equals(NAME)) {
        if (found != null) {
          return null;
        }
        found = cookies[i].getValue();
      }
    }
    return found == null ? null : SessionSecret.parse(found);
  }

  static boolean isPresent(HttpServletRequest request) {
    var cookies = request.getCookies();
    return cookies != null
        && Arrays.stream(cookies).anyMatch(cookie -> cookie.getName().equals(NAME));
  }

  /**
   * Writes the cookie. The expiry of the session is in the database; {@code Max-Age} only decides
   * whether the cookie survives a restart of the browser.
   *
   * @param remembered {@code Max-Age}; null for a cookie that ends with the browser
   */
  static void write(
      HttpServletResponse response, SessionSecret secret, @Nullable Duration remembered) {
    var cookie =
        ResponseCookie.from(NAME, secret.cookie())
            .path("/")
            .secure(true)
            .httpOnly(true)
            .sameSite("Strict");
    if (remembered != null) {
      cookie.maxAge(remembered);
    }
    response.addHeader(HttpHeaders.SET_COOKIE, cookie.build().toString());
  }
}
