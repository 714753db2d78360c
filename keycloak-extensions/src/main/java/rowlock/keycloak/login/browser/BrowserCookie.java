/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.browser;

import jakarta.ws.rs.core.NewCookie;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/**
 * The cookie that identifies a browser to one account: 256 random bits, {@code HttpOnly}, sent to
 * this realm only. Each account has a cookie of its own, so that an attacker cannot plant a known
 * number for the next user's login: an unknown account gets a new number.
 */
final class BrowserCookie {
  private static final String PREFIX = "ROWLOCK_BROWSER_";
  private static final Pattern NUMBER = Pattern.compile("[A-Za-z0-9_-]{43}");
  private static final int BYTES = 32;
  private static final int NAME_DIGITS = 12;

  /** Maximum number of accounts of one browser, which bounds the length of its request headers. */
  private static final int MAX_ACCOUNTS = 10;

  private final String name;
  private final String path;

  private BrowserCookie(String name, String path) {
    this.name = name;
    this.path = path;
  }

  static BrowserCookie of(RealmModel realm, UserModel user) {
    var digest = KnownBrowsers.digest(user.getId(), "cookie");
    return new BrowserCookie(
        PREFIX + digest.substring(0, NAME_DIGITS), "/realms/" + realm.getName() + "/");
  }

  /** Returns the number of the browser, or null if the cookie is missing or malformed. */
  @Nullable String read(KeycloakSession session) {
    var cookie = session.getContext().getHttpRequest().getHttpHeaders().getCookies().get(name);
    var number = cookie == null ? null : cookie.getValue();
    return number != null && NUMBER.matcher(number).matches() ? number : null;
  }

  /** Sets the cookie of a browser, or extends it. */
  void write(KeycloakSession session, String number, Duration age) {
    put(session, name, number, (int) age.toSeconds());
    session.getContext().getHttpRequest().getHttpHeaders().getCookies().keySet().stream()
        .filter(other -> other.startsWith(PREFIX) && !other.equals(name))
        .skip(MAX_ACCOUNTS - 1)
        .forEach(other -> put(session, other, "", 0));
  }

  private void put(KeycloakSession session, String cookie, String value, int seconds) {
    var base = session.getContext().getUri().getBaseUri();
    session
        .getContext()
        .getHttpResponse()
        .setCookieIfAbsent(
            new NewCookie.Builder(cookie)
                .value(value)
                .path(base.getRawPath().replaceFirst("/$", "") + path)
                .maxAge(seconds)
                .httpOnly(true)
                .secure(base.getScheme().equals("https"))
                .sameSite(NewCookie.SameSite.LAX)
                .build());
  }

  static String newNumber() {
    var bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
