/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.support;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.models.session.UserSessionPersisterProvider;
import org.keycloak.services.Urls;
import org.keycloak.services.managers.AuthenticationManager;
import org.keycloak.urls.UrlType;

/** What the server knows of sessions, and how it ends them. */
public final class UserSessions {
  private UserSessions() {}

  /**
   * The sessions of a user as they were before this transaction: what it ended is still in it. The
   * server tells nobody which sessions it ends when it ends all of a user, so they are looked up in
   * the database, from which they go with the commit.
   *
   * @return id of the session, ids of its clients
   */
  public static Map<String, Set<String>> before(
      KeycloakSession session, RealmModel realm, UserModel user) {
    var persister = session.getProvider(UserSessionPersisterProvider.class);
    var found = new HashMap<String, Set<String>>();
    for (var offline : new boolean[] {false, true}) {
      persister
          .findUserSessionsByUserId(realm, user, offline)
          .forEach(
              (id, clients) -> found.computeIfAbsent(id, key -> new HashSet<>()).addAll(clients));
    }
    return found;
  }

  /** Whether the session is over, the one with a browser and the offline one of the same id. */
  public static boolean isOver(KeycloakSession session, RealmModel realm, String id) {
    return session.sessions().getUserSession(realm, id) == null
        && session.sessions().getOfflineUserSession(realm, id) == null;
  }

  /** Ends a session of a user as a logout does, and tells its clients. */
  public static void end(KeycloakSession session, UserSessionModel userSession) {
    AuthenticationManager.backchannelLogout(session, userSession, true);
  }

  /** The issuer identifier of the realm, as its tokens carry it. */
  public static String issuer(KeycloakSession session, RealmModel realm) {
    return Urls.realmIssuer(
        session.getContext().getUri(UrlType.FRONTEND).getBaseUri(), realm.getName());
  }
}
