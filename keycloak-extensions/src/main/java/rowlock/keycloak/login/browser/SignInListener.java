/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.browser;

import org.jspecify.annotations.Nullable;
import org.keycloak.common.util.Time;
import org.keycloak.events.Details;
import org.keycloak.events.Event;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.EventType;
import org.keycloak.events.admin.AdminEvent;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import rowlock.keycloak.support.ListenerFailures;

/**
 * Stores the browser of each login, and notifies the owner of a login in a new one. Runs in a
 * transaction of its own: a failure is logged and counted, and the login continues.
 */
final class SignInListener implements EventListenerProvider {
  /** A login to an older session is a re-authentication in the same browser. */
  private static final int NEW_SESSION_SECONDS = 30;

  private final KeycloakSession session;

  SignInListener(KeycloakSession session) {
    this.session = session;
  }

  @Override
  public void onEvent(Event event) {
    if (event.getType() == EventType.LOGIN && event.getError() == null && isInBrowser(event)) {
      ListenerFailures.contain(SignInListenerFactory.ID, "LOGIN", () -> signedIn(event));
    }
  }

  private void signedIn(Event event) {
    var realm = session.realms().getRealm(event.getRealmId());
    var user = realm == null ? null : session.users().getUserById(realm, event.getUserId());
    if (realm != null && user != null) {
      signedIn(realm, user, event);
    }
  }

  /** Excludes direct grants: a client that sends name and password itself has no browser. */
  private static boolean isInBrowser(Event event) {
    return event.getUserId() != null
        && event.getSessionId() != null
        && (event.getDetails() == null || !event.getDetails().containsKey(Details.GRANT_TYPE));
  }

  private void signedIn(RealmModel realm, UserModel user, Event event) {
    var cookie = BrowserCookie.of(realm, user);
    var seen = remember(realm, user, cookie.read(session));
    cookie.write(session, seen.number(), BrowserTable.AGE);
    if (seen.isNew() && !seen.isFirst() && isNewSession(realm, event.getSessionId())) {
      NewBrowserMail.enlist(session, realm, user, event);
    }
  }

  /**
   * Result of the look-up.
   *
   * @param number of the browser
   * @param isNew whether the number was created by this login
   * @param isFirst whether this is the first login to the account
   */
  private record Seen(String number, boolean isNew, boolean isFirst) {}

  private Seen remember(RealmModel realm, UserModel user, @Nullable String number) {
    return KeycloakModelUtils.runJobInTransactionWithResult(
        session.getKeycloakSessionFactory(),
        own -> {
          var table = KnownBrowsers.table(own);
          if (number != null) {
            var digest = KnownBrowsers.digest(user.getId(), number);
            if (table.isKnown(realm.getId(), user.getId(), digest)) {
              table.touch(realm.getId(), user.getId(), digest);
              return new Seen(number, false, false);
            }
          }
          var isFirst = !table.hasAny(realm.getId(), user.getId());
          var fresh = BrowserCookie.newNumber();
          table.save(realm.getId(), user.getId(), KnownBrowsers.digest(user.getId(), fresh));
          return new Seen(fresh, true, isFirst);
        });
  }

  private boolean isNewSession(RealmModel realm, @Nullable String id) {
    var userSession = session.sessions().getUserSession(realm, id);
    return userSession != null
        && Time.currentTimeMillis() / 1_000 - userSession.getStarted() <= NEW_SESSION_SECONDS;
  }

  @Override
  public void onEvent(AdminEvent event, boolean includeRepresentation) {}

  @Override
  public void close() {}
}
