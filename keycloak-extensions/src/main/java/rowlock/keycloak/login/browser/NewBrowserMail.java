/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.browser;

import io.micrometer.core.instrument.Metrics;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.keycloak.email.EmailException;
import org.keycloak.email.EmailTemplateProvider;
import org.keycloak.events.Event;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import rowlock.keycloak.budget.Budget;
import rowlock.keycloak.support.AccountMail;

/**
 * Notifies the owner of an account, in the account's language, of a login in a new browser, with a
 * link that ends the session.
 */
final class NewBrowserMail {
  /** Realm attribute that enables the mails with {@code true}. */
  static final String REALM_SWITCH = "rowlock.new-browser-mail";

  /** User attribute that disables them with {@code off}. */
  static final String USER_SWITCH = "newBrowserMail";

  private static final Logger log = Logger.getLogger(NewBrowserMail.class);
  private static final String TEMPLATE = "new-browser.ftl";
  private static final String SUBJECT = "rowlockNewBrowserSubject";

  /** A warning needs few mails, and an attacker with the password must not fill the mailbox. */
  private static final Budget MAILS = new Budget("new-browser-mail", 5, Duration.ofDays(1));

  private NewBrowserMail() {}

  /**
   * Sends the mail after the commit of the request. Skipped if realm or owner have it disabled, if
   * the realm has no mail server, if the account has no confirmed address, or if the limit of the
   * day is reached.
   */
  static void enlist(KeycloakSession session, RealmModel realm, UserModel user, Event event) {
    if (!isEnabled(realm, user) || !AccountMail.canBeSent(realm, user)) {
      return;
    }
    if (!MAILS.take(session, realm, user.getId()).allowed()) {
      count(realm, "throttled");
      return;
    }
    var signIn = SignIn.of(session, Instant.ofEpochMilli(event.getTime()));
    var link = EndSessionLink.of(session, realm, user, event);
    AccountMail.enlist(
        session,
        "new-browser-mail",
        realm.getId(),
        user.getId(),
        (own, in, owner) -> send(own, in, owner, signIn, link));
  }

  private static boolean isEnabled(RealmModel realm, UserModel user) {
    return "true".equals(realm.getAttribute(REALM_SWITCH))
        && !"off".equals(user.getFirstAttribute(USER_SWITCH));
  }

  private static void send(
      KeycloakSession own, RealmModel realm, UserModel user, SignIn signIn, URI link) {
    Map<String, Object> content = new HashMap<>();
    content.put("when", signIn.whenIn(own.getContext().resolveLocale(user, true), user));
    content.put("browser", signIn.browser());
    content.put("system", signIn.system());
    content.put("address", signIn.address());
    content.put("link", link.toString());
    content.put("linkHours", String.valueOf(EndSessionLink.LIFE.toHours()));
    // the owner's language, not that of the request
    content.put(Constants.IGNORE_ACCEPT_LANGUAGE_HEADER, "true");
    try {
      own.getProvider(EmailTemplateProvider.class)
          .setRealm(realm)
          .setUser(user)
          .send(SUBJECT, List.of(AccountMail.nameOf(realm)), TEMPLATE, content);
      count(realm, "sent");
    } catch (EmailException e) {
      count(realm, "failed");
      log.warnf(
          "New browser mail to user=%s in realm=%s failed; not retried, check the realm's mail settings",
          user.getId(), realm.getName());
    }
  }

  private static void count(RealmModel realm, String outcome) {
    Metrics.counter("rowlock.new.browser.mail", "outcome", outcome, "realm", realm.getName())
        .increment();
  }
}
