/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.browser;

import jakarta.ws.rs.core.NewCookie;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/**
 * The cookie by which a browser is known again to one account: 256 random bits, out of reach of
 * scripts, sent to this realm only. One for each account, so that nobody can slip a number that
 * they know under the next person's sign-in: who is not known gets a new one.
 */
final class BrowserCookie {
  private static final String PREFIX = "ROWLOCK_BROWSER_";
  private static final Pattern NUMBER = Pattern.compile("[A-Za-z0-9_-]{43}");
  private static final int BYTES = 32;
  private static final int NAME_DIGITS = 12;

  /** People of one browser; more, and its requests would grow too long. */
  private static final int MOST = 10;

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

  Optional<String> read(KeycloakSession session) {
    var cookie = session.getContext().getHttpRequest().getHttpHeaders().getCookies().get(name);
    return Optional.ofNullable(cookie)
        .map(found -> found.getValue())
        .filter(value -> NUMBER.matcher(value).matches());
  }

  /** Gives the browser a number, or the one that it has for longer. */
  void write(KeycloakSession session, String number, Duration age) {
    put(session, name, number, (int) age.toSeconds());
    session.getContext().getHttpRequest().getHttpHeaders().getCookies().keySet().stream()
        .filter(other -> other.startsWith(PREFIX) && !other.equals(name))
        .skip(MOST - 1)
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
