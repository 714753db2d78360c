/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keycloak.common.util.Time;
import org.keycloak.events.admin.AdminEvent;
import org.keycloak.events.admin.OperationType;
import org.keycloak.events.admin.ResourceType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import rowlock.keycloak.revocation.delivery.SecurityEvent.Initiator;
import rowlock.keycloak.revocation.stock.AccountWatch;
import rowlock.keycloak.revocation.stock.AdminPaths;
import rowlock.keycloak.revocation.stock.UserSessions;
import rowlock.keycloak.support.PasswordWatch;

/**
 * An action of an administrator that can end sessions or change credentials. Admin events identify
 * it by the path of the request.
 *
 * @param kind the action
 * @param id of the user, session or client; empty for the realm
 * @param client client id of a consent; empty otherwise
 */
record AdminAction(Kind kind, String id, String client) {
  private static final Set<String> REALM_WIDE =
      Set.of(AdminPaths.LOGOUT_ALL, AdminPaths.PUSH_REVOCATION);

  /** The kinds of actions. */
  enum Kind {
    LOGOUT_USER,
    END_SESSION,
    UPDATE_USER,
    IMPORT_USER,
    RESET_PASSWORD,
    REMOVE_CREDENTIAL,
    REVOKE_CONSENT,
    LOGOUT_ALL,
    PUSH_NOT_BEFORE,
    PUSH_NOT_BEFORE_OF_CLIENT,
    UPDATE_REALM
  }

  /** Returns the action of an event, or null if it can end nothing. */
  static @Nullable AdminAction of(KeycloakSession session, AdminEvent event) {
    var importedUser = importedUser(session, event);
    return importedUser == null ? of(event) : new AdminAction(Kind.IMPORT_USER, importedUser, "");
  }

  /**
   * Returns the id of a user that a partial import has created, perhaps with the id of a removed
   * one, or null for any other event. The resource type of such an event is the realm.
   */
  private static @Nullable String importedUser(KeycloakSession session, AdminEvent event) {
    var path = event.getResourcePath();
    return path != null
            && path.matches(AdminPaths.USERS + "/[^/]+")
            && session.getContext().getUri().getPath().endsWith(AdminPaths.PARTIAL_IMPORT)
        ? path.substring(AdminPaths.USERS.length() + 1)
        : null;
  }

  private static @Nullable AdminAction of(AdminEvent event) {
    var type = event.getResourceType();
    if (type == ResourceType.REALM && event.getOperationType() == OperationType.UPDATE) {
      return new AdminAction(Kind.UPDATE_REALM, "", ""); // it has no path
    }
    if (event.getResourcePath() == null) {
      return null;
    }
    var path = event.getResourcePath().split("/", 4);
    if (type == ResourceType.USER_SESSION
        && event.getOperationType() == OperationType.DELETE
        && path.length == 2) {
      return new AdminAction(Kind.END_SESSION, path[1], "");
    }
    if (path.length == 1 && REALM_WIDE.contains(path[0])) {
      return new AdminAction(
          path[0].equals(AdminPaths.LOGOUT_ALL) ? Kind.LOGOUT_ALL : Kind.PUSH_NOT_BEFORE, "", "");
    }
    if (path.length == 3
        && path[0].equals(AdminPaths.CLIENTS)
        && path[2].equals(AdminPaths.PUSH_REVOCATION)) {
      return new AdminAction(Kind.PUSH_NOT_BEFORE_OF_CLIENT, path[1], "");
    }
    if (type != ResourceType.USER || !path[0].equals(AdminPaths.USERS) || path.length < 2) {
      return null;
    }
    if (path.length == 2) {
      return event.getOperationType() == OperationType.UPDATE
          ? new AdminAction(Kind.UPDATE_USER, path[1], "")
          : null;
    }
    var object = path.length == 4 ? path[3] : "";
    return switch (path[2]) {
      case AdminPaths.LOGOUT -> new AdminAction(Kind.LOGOUT_USER, path[1], "");
      case AdminPaths.RESET_PASSWORD -> new AdminAction(Kind.RESET_PASSWORD, path[1], "");
      case AdminPaths.CREDENTIALS ->
          object.isEmpty() || object.contains("/")
              ? null
              : new AdminAction(Kind.REMOVE_CREDENTIAL, path[1], "");
      case AdminPaths.CONSENTS -> new AdminAction(Kind.REVOKE_CONSENT, path[1], object);
      default -> null;
    };
  }

  /**
   * Ends the offline sessions of what an administrator logged out. Keycloak keeps them and rejects
   * their tokens by issue time only, in whole seconds.
   */
  void endOffline(KeycloakSession session, RealmModel realm) {
    switch (kind) {
      case LOGOUT_USER -> {
        var user = session.users().getUserById(realm, id);
        if (user != null) {
          UserSessions.endOffline(session, realm, user);
        }
      }
      case END_SESSION -> UserSessions.endOffline(session, realm, id);
      case LOGOUT_ALL -> UserSessions.endOffline(session, realm);
      default -> {
        // ends no session, or ends offline ones as well
      }
    }
  }

  /** Adds the events of this action. */
  void note(KeycloakSession session, PendingEvents pending) {
    var realm = pending.realm();
    switch (kind) {
      case LOGOUT_ALL -> realmEnds(pending);
      case UPDATE_REALM -> {
        if (!realm.isEnabled()) {
          realmEnds(pending);
        }
      }
      case PUSH_NOT_BEFORE -> notBefore(pending, realm);
      case PUSH_NOT_BEFORE_OF_CLIENT -> {
        var of = session.clients().getClientById(realm, id);
        if (of != null && of.getNotBefore() > 0) {
          pending.clientEnded(of, chosen(of.getNotBefore()), Initiator.ADMIN);
        }
      }
      case IMPORT_USER -> pending.accountImported(id);
      case END_SESSION -> {
        var user = UserSessions.userBefore(session, realm, id);
        if (user != null) {
          pending.sessionEnds(id, user, Initiator.ADMIN);
        }
      }
      default -> {
        var user = session.users().getUserById(realm, id);
        if (user != null) {
          note(session, pending, user);
        }
      }
    }
  }

  private void note(KeycloakSession session, PendingEvents pending, UserModel user) {
    switch (kind) {
      case LOGOUT_USER -> loggedOut(session, pending, user);
      case RESET_PASSWORD ->
          new PasswordChange(session, pending).changed(user, Initiator.ADMIN, null);
      case REMOVE_CREDENTIAL ->
          pending.add(
              "credential " + id,
              frame -> frame.credentialChange(id, "other", "delete", Initiator.ADMIN));
      case REVOKE_CONSENT ->
          UserEvents.consentRevoked(session, pending, user, client, Initiator.ADMIN);
      case UPDATE_USER -> updated(session, pending, user);
      default -> throw new IllegalStateException("Not about a user: " + kind);
    }
  }

  /** Adds browser sessions and offline sessions. */
  private void loggedOut(KeycloakSession session, PendingEvents pending, UserModel user) {
    for (var offline : new boolean[] {false, true}) {
      UserSessions.before(session, pending.realm(), user, offline)
          .keySet()
          .forEach(one -> pending.sessionMayEnd(one, id, Initiator.ADMIN));
    }
  }

  private void updated(KeycloakSession session, PendingEvents pending, UserModel user) {
    pending.accountsSwitched(AccountWatch.takeSwitched(session), Initiator.ADMIN);
    if (user.getFederationLink() != null) {
      // switched in the directory, which does not report the value before
      pending.accountsSwitched(
          List.of(new AccountWatch.Switched(pending.realm().getId(), id, user.isEnabled())),
          Initiator.ADMIN);
    }
    if (PasswordWatch.hasNewPassword(session, id)) {
      new PasswordChange(session, pending).changed(user, Initiator.ADMIN, null);
    }
  }

  /** Adds the revocation before the chosen time; a time in the future is clamped to now. */
  private static void notBefore(PendingEvents pending, RealmModel realm) {
    if (realm.getNotBefore() > 0) {
      var time = chosen(realm.getNotBefore());
      pending.add("realm", frame -> frame.at(time).realmRevoked(realm.getName(), Initiator.ADMIN));
    }
  }

  private static long chosen(int seconds) {
    return Math.min(seconds, Time.currentTimeSeconds()) * 1000L;
  }

  private static void realmEnds(PendingEvents pending) {
    var name = pending.realm().getName();
    pending.add("realm", frame -> frame.realmRevoked(name, Initiator.ADMIN));
  }
}
