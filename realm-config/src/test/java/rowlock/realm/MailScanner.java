/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import java.net.URI;
import org.jsoup.nodes.Element;
import rowlock.local.login.BrowserSession;
import rowlock.local.login.Page;

/**
 * A program that looks at the links of a mail before its reader does. It opens them without the
 * reader's cookies, keeps those that it gets, and follows the links of the pages, but presses no
 * button.
 */
final class MailScanner {
  private MailScanner() {}

  /** Opens a link as a link preview and as a thorough scanner do. */
  static void open(URI link) {
    RealmServer.get(link.toString());
    followAll(new BrowserSession().open(link));
  }

  /** Follows every link of a page to the server. */
  static void followAll(Page page) {
    page.document().select("a[href]").stream()
        .map((Element anchor) -> anchor.absUrl("href"))
        .filter(address -> address.startsWith(RealmServer.issuer()))
        // other providers are elsewhere
        .filter(address -> !address.contains("/broker/"))
        .forEach(address -> page.open(URI.create(address)));
  }
}
