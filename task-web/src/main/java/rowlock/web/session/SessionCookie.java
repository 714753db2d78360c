/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;

/**
 * The cookie of the session. Its prefix makes browsers refuse it from any other host and over plain
 * http (RFC 6265bis section 4.1.3.2); no script reads it; no other site's request carries it, not
 * even a link's: the page itself holds nothing personal and asks for the rest when it is there.
 */
final class SessionCookie {

  static final String NAME = "__Host-rowlock";

  private SessionCookie() {}

  /** Empty when there is none that could be ours, or more than one. */
  static Optional<SessionSecret> read(HttpServletRequest request) {
    Cookie[] cookies = request.getCookies();
    String found = null;
    for (int i = 0; cookies != null && i < cookies.length; i++) {
      if (cookies[i].getName().equals(NAME)) {
        if (found != null) {
          return Optional.empty();
        }
        found = cookies[i].getValue();
      }
    }
    return Optional.ofNullable(found).flatMap(SessionSecret::parse);
  }

  static boolean isPresent(HttpServletRequest request) {
    Cookie[] cookies = request.getCookies();
    return cookies != null
        && Arrays.stream(cookies).anyMatch(cookie -> cookie.getName().equals(NAME));
  }

  /**
   * Writes the cookie. How long the session lasts is in the database; the cookie only decides
   * whether the browser still has it after a restart.
   *
   * @param remembered how long the browser keeps it; null until it is closed
   */
  static void write(
      HttpServletResponse response, SessionSecret secret, @Nullable Duration remembered) {
    ResponseCookie.ResponseCookieBuilder cookie =
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
