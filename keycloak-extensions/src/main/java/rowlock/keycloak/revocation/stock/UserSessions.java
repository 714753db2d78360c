/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.stock;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keycloak.cookie.CookieProvider;
import org.keycloak.cookie.CookieType;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.models.session.UserSessionPersisterProvider;
import org.keycloak.representations.AccessToken;
import rowlock.keycloak.support.SessionLogout;

/** Reads and ends sessions in Keycloak's session store. */
public final class UserSessions {
  private UserSessions() {}

  /**
   * Returns the sessions of a user as they were before this transaction, including those that it
   * has ended. When Keycloak ends all sessions of a user, it does not report them, so they are read
   * from the database, where they exist until the commit.
   *
   * @param offline offline sessions instead of browser sessions
   * @return id of the session, client ids (RFC 6749 §2.2) in it
   */
  public static Map<String, Set<String>> before(
      KeycloakSession session, RealmModel realm, UserModel user, boolean offline) {
    var found = new HashMap<String, Set<String>>();
    session
        .getProvider(UserSessionPersisterProvider.class)
        .findUserSessionsByUserId(realm, user, offline)
        .forEach(
            (id, clients) -> {
              var names = found.computeIfAbsent(id, key -> new HashSet<>());
              for (var client : clients) {
                var model = realm.getClientById(client);
                if (model != null) {
                  names.add(model.getClientId());
                }
              }
            });
    return found;
  }

  /** Returns the sessions with a client session of a client, including offline sessions. */
  public static Set<Owned> ofClient(KeycloakSession session, ClientModel client) {
    var realm = client.getRealm();
    return Stream.concat(
            session.sessions().readOnlyStreamUserSessions(realm, client, -1, -1),
            session.sessions().readOnlyStreamOfflineUserSessions(realm, client, -1, -1))
        .filter(one -> one.getUser() != null)
        .map(one -> new Owned(one.getId(), one.getUser().getId()))
        .collect(Collectors.toSet());
  }

  /** Returns the user of a session before this transaction, or null if it did not exist. */
  public static @Nullable String userBefore(KeycloakSession session, RealmModel realm, String id) {
    var persister = session.getProvider(UserSessionPersisterProvider.class);
    return Stream.of(false, true)
        .map(offline -> persister.loadUserSession(realm, id, offline))
        .filter(found -> found != null && found.getUser() != null)
        .map(found -> found.getUser().getId())
        .findFirst()
        .orElse(null);
  }

  /** Returns whether a browser session with this id exists. */
  public static boolean isOnline(KeycloakSession session, RealmModel realm, String id) {
    return session.sessions().getUserSession(realm, id) != null;
  }

  /** Returns whether an offline session with this id exists. */
  public static boolean isOffline(KeycloakSession session, RealmModel realm, String id) {
    return session.sessions().getOfflineUserSession(realm, id) != null;
  }

  /**
   * Ends the sessions of a user as a logout does, including offline sessions, and notifies their
   * clients.
   *
   * @param kept id of a session that stays, null for none
   * @return the ids of the ended sessions
   */
  public static Set<String> endAll(
      KeycloakSession session, RealmModel realm, UserModel user, @Nullable String kept) {
    return end(
        session,
        Stream.concat(
                session.sessions().getUserSessionsStream(realm, user),
                session.sessions().getOfflineUserSessionsStream(realm, user))
            .filter(one -> !one.getId().equals(kept)));
  }

  /** Ends the sessions of a user's offline tokens as a logout does, and notifies their clients. */
  public static void endOffline(KeycloakSession session, RealmModel realm, UserModel user) {
    end(session, session.sessions().getOfflineUserSessionsStream(realm, user));
  }

  /** Ends the session of offline tokens of that id, if there is one. */
  public static void endOffline(KeycloakSession session, RealmModel realm, String id) {
    end(session, Stream.ofNullable(session.sessions().getOfflineUserSession(realm, id)));
  }

  /** Ends the sessions of all offline tokens of a realm. */
  public static void endOffline(KeycloakSession session, RealmModel realm) {
    var clients = realm.getClientsStream().toList();
    for (var client : clients) {
      end(session, session.sessions().getOfflineUserSessionsStream(realm, client, -1, -1));
    }
  }

  private static Set<String> end(KeycloakSession session, Stream<UserSessionModel> sessions) {
    var ended = new HashSet<String>();
    var context = session.getContext();
    var login = context.getAuthenticationSession();
    var client = context.getClient();
    sessions
        .toList()
        .forEach(
            one -> {
              ended.add(one.getId());
              SessionLogout.end(session, one);
            });
    // each logout replaces both
    if (login != null) {
      context.setAuthenticationSession(login);
    }
    if (client != null) {
      context.setClient(client);
    }
    return ended;
  }

  /** A session and its user. */
  public record Owned(String id, String userId) {}

  /**
   * Returns the session of the browser's Keycloak cookie, which may have ended, or null if there is
   * none.
   */
  public static @Nullable Owned ofBrowser(KeycloakSession session) {
    var cookie = session.getProvider(CookieProvider.class).get(CookieType.IDENTITY);
    if (cookie == null) {
      return null;
    }
    var token = session.tokens().decode(cookie, AccessToken.class);
    if (token == null || token.getSessionId() == null || token.getSubject() == null) {
      return null;
    }
    return new Owned(token.getSessionId(), token.getSubject());
  }

  /**
   * Returns the id of the session of the current login, or null if there is none. A login and its
   * session share the id.
   */
  public static @Nullable String ofLogin(KeycloakSession session) {
    var login = session.getContext().getAuthenticationSession();
    return login == null ? null : login.getParentSession().getId();
  }

  /** Removes the pending logins with this id, in all tabs of their browser. */
  public static void removeLogins(KeycloakSession session, RealmModel realm, String id) {
    var logins = session.authenticationSessions();
    var root = logins.getRootAuthenticationSession(realm, id);
    if (root != null) {
      logins.removeRootAuthenticationSession(realm, root);
    }
  }
}
