/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.login;

import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * Keeps cookies as browsers do on this machine: {@code http://localhost} counts as secure, so it
 * gets cookies with {@code Secure}. The cookie manager of java.net does not send them.
 */
final class LocalhostCookies extends CookieManager {
  LocalhostCookies() {
    super(null, CookiePolicy.ACCEPT_ALL);
  }

  @Override
  public void put(URI uri, Map<String, List<String>> headers) throws IOException {
    super.put(uri, headers);
    getCookieStore().getCookies().forEach(cookie -> cookie.setSecure(false));
  }
}
