/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.Optional;
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

  /** Until the browser is closed; how long the session is good is the database's to say. */
  static void write(HttpServletResponse response, SessionSecret secret) {
    response.addHeader(
        HttpHeaders.SET_COOKIE,
        ResponseCookie.from(NAME, secret.cookie())
            .path("/")
            .secure(true)
            .httpOnly(true)
            .sameSite("Strict")
            .build()
            .toString());
  }
}
