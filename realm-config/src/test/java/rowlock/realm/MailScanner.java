/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import java.net.URI;
import org.jsoup.nodes.Element;
import rowlock.local.login.BrowserSession;
import rowlock.local.login.Page;

/**
 * Opens the links of a mail before its reader does, as a mail scanner. It has none of the reader's
 * cookies, keeps those that it gets, and follows the links of the pages, but presses no button.
 */
final class MailScanner {
  private MailScanner() {}

  /** Opens a link as a link preview and as a thorough scanner. */
  static void open(URI link) {
    RealmServer.get(link.toString());
    followAll(new BrowserSession().open(link));
  }

  /** Follows each link of a page that leads to the server. */
  static void followAll(Page page) {
    page.document().select("a[href]").stream()
        .map((Element anchor) -> anchor.absUrl("href"))
        .filter(address -> address.startsWith(RealmServer.issuer()))
        // other providers are on other servers
        .filter(address -> !address.contains("/broker/"))
        .forEach(address -> page.open(URI.create(address)));
  }
}
