/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import java.util.List;
import java.util.Optional;
import java.util.Set;
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
 * What an administrator did by the admin API, of what concerns us. The server tells it by the path
 * of the request.
 *
 * @param kind what was done
 * @param id of the user, session or client; empty for the realm
 * @param client that it was about; empty if none
 */
record AdminsAction(Kind kind, String id, String client) {
  private static final Set<String> REALM_WIDE =
      Set.of(AdminPaths.LOGOUT_ALL, AdminPaths.PUSH_REVOCATION);

  /** What is done. */
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

  /** The action of an event, if it concerns us. */
  static Optional<AdminsAction> of(KeycloakSession session, AdminEvent event) {
    var importedUser = importedUser(session, event);
    return importedUser.isPresent()
        ? importedUser.map(id -> new AdminsAction(Kind.IMPORT_USER, id, ""))
        : of(event);
  }

  /**
   * The user that a partial import has created; its id may be that of one that was removed. The
   * type of such an event is that of the realm.
   */
  private static Optional<String> importedUser(KeycloakSession session, AdminEvent event) {
    var path = event.getResourcePath();
    return path != null
            && path.matches(AdminPaths.USERS + "/[^/]+")
            && session.getContext().getUri().getPath().endsWith(AdminPaths.PARTIAL_IMPORT)
        ? Optional.of(path.substring(AdminPaths.USERS.length() + 1))
        : Optional.empty();
  }

  private static Optional<AdminsAction> of(AdminEvent event) {
    var type = event.getResourceType();
    if (type == ResourceType.REALM && event.getOperationType() == OperationType.UPDATE) {
      return Optional.of(new AdminsAction(Kind.UPDATE_REALM, "", "")); // it has no path
    }
    if (event.getResourcePath() == null) {
      return Optional.empty();
    }
    var path = event.getResourcePath().split("/", 4);
    if (type == ResourceType.USER_SESSION
        && event.getOperationType() == OperationType.DELETE
        && path.length == 2) {
      return Optional.of(new AdminsAction(Kind.END_SESSION, path[1], ""));
    }
    if (path.length == 1 && REALM_WIDE.contains(path[0])) {
      return Optional.of(
          new AdminsAction(
              path[0].equals(AdminPaths.LOGOUT_ALL) ? Kind.LOGOUT_ALL : Kind.PUSH_NOT_BEFORE,
              "",
              ""));
    }
    if (path.length == 3
        && path[0].equals(AdminPaths.CLIENTS)
        && path[2].equals(AdminPaths.PUSH_REVOCATION)) {
      return Optional.of(new AdminsAction(Kind.PUSH_NOT_BEFORE_OF_CLIENT, path[1], ""));
    }
    if (type != ResourceType.USER || !path[0].equals(AdminPaths.USERS) || path.length < 2) {
      return Optional.empty();
    }
    if (path.length == 2) {
      return event.getOperationType() == OperationType.UPDATE
          ? Optional.of(new AdminsAction(Kind.UPDATE_USER, path[1], ""))
          : Optional.empty();
    }
    var object = path.length == 4 ? path[3] : "";
    return switch (path[2]) {
      case AdminPaths.LOGOUT -> Optional.of(new AdminsAction(Kind.LOGOUT_USER, path[1], ""));
      case AdminPaths.RESET_PASSWORD ->
          Optional.of(new AdminsAction(Kind.RESET_PASSWORD, path[1], ""));
      case AdminPaths.CREDENTIALS ->
          object.isEmpty() || object.contains("/")
              ? Optional.empty()
              : Optional.of(new AdminsAction(Kind.REMOVE_CREDENTIAL, path[1], ""));
      case AdminPaths.CONSENTS ->
          Optional.of(new AdminsAction(Kind.REVOKE_CONSENT, path[1], object));
      default -> Optional.empty();
    };
  }

  /**
   * Ends the offline tokens of what an administrator logged out. The server leaves their sessions,
   * and refuses a token by the second in which it was issued.
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

  /** Notes what ends by it. */
  void note(KeycloakSession session, Changes changes) {
    var realm = changes.realm();
    switch (kind) {
      case LOGOUT_ALL -> realmEnds(changes);
      case UPDATE_REALM -> {
        if (!realm.isEnabled()) {
          realmEnds(changes);
        }
      }
      case PUSH_NOT_BEFORE -> notBefore(changes, realm);
      case PUSH_NOT_BEFORE_OF_CLIENT -> {
        var of = session.clients().getClientById(realm, id);
        if (of != null && of.getNotBefore() > 0) {
          changes.clientIsOver(of, Optional.of(chosen(of.getNotBefore())), Initiator.ADMIN);
        }
      }
      case IMPORT_USER -> changes.accountImported(id);
      case END_SESSION ->
          UserSessions.userBefore(session, realm, id)
              .ifPresent(user -> changes.sessionEnds(id, user, Initiator.ADMIN));
      default -> {
        var user = session.users().getUserById(realm, id);
        if (user != null) {
          note(session, changes, user);
        }
      }
    }
  }

  private void note(KeycloakSession session, Changes changes, UserModel user) {
    switch (kind) {
      case LOGOUT_USER -> loggedOut(session, changes, user);
      case RESET_PASSWORD ->
          new Passwords(session, changes).changed(user, Initiator.ADMIN, Optional.empty());
      case REMOVE_CREDENTIAL ->
          changes.add(
              "credential " + id,
              frame -> frame.credentialChange(id, "other", "delete", Initiator.ADMIN));
      case REVOKE_CONSENT ->
          PersonsActions.consentRevoked(session, changes, user, client, Initiator.ADMIN);
      case UPDATE_USER -> updated(session, changes, user);
      default -> throw new IllegalStateException("Not about a user: " + kind);
    }
  }

  /** Sessions of browsers and of offline tokens. */
  private void loggedOut(KeycloakSession session, Changes changes, UserModel user) {
    for (var offline : new boolean[] {false, true}) {
      UserSessions.before(session, changes.realm(), user, offline)
          .keySet()
          .forEach(one -> changes.sessionMayEnd(one, id, Initiator.ADMIN));
    }
  }

  private void updated(KeycloakSession session, Changes changes, UserModel user) {
    changes.switched(AccountWatch.takeSwitched(session), Initiator.ADMIN);
    if (user.getFederationLink() != null) {
      // switched in the directory, which does not say whether it was so before
      changes.switched(
          List.of(new AccountWatch.Switched(changes.realm().getId(), id, user.isEnabled())),
          Initiator.ADMIN);
    }
    if (PasswordWatch.hasNewPassword(session, id)) {
      new Passwords(session, changes).changed(user, Initiator.ADMIN, Optional.empty());
    }
  }

  /** What was issued before the time that the administrator chose; a time to come counts as now. */
  private static void notBefore(Changes changes, RealmModel realm) {
    if (realm.getNotBefore() > 0) {
      var time = chosen(realm.getNotBefore());
      changes.add("realm", frame -> frame.at(time).realmRevoked(realm.getName(), Initiator.ADMIN));
    }
  }

  private static long chosen(int seconds) {
    return Math.min(seconds, Time.currentTimeSeconds()) * 1000L;
  }

  private static void realmEnds(Changes changes) {
    var name = changes.realm().getName();
    changes.add("realm", frame -> frame.realmRevoked(name, Initiator.ADMIN));
  }
}
