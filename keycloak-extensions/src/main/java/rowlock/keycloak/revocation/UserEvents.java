/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.Event;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.OTPCredentialModel;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.models.credential.WebAuthnCredentialModel;
import org.keycloak.representations.AccessToken;
import rowlock.keycloak.revocation.delivery.SecurityEvent.Initiator;
import rowlock.keycloak.revocation.stock.AccountWatch;
import rowlock.keycloak.revocation.stock.RefreshReuse;
import rowlock.keycloak.revocation.stock.UserSessions;

/** Derives security events from Keycloak's events of users and their clients. */
final class UserEvents {
  /** Events that can end a session or a client session, or change a credential. */
  private static final Set<EventType> CONCERNED =
      EnumSet.of(
          EventType.LOGOUT,
          EventType.LOGIN,
          EventType.RESTART_AUTHENTICATION,
          EventType.IMPERSONATE,
          EventType.REVOKE_GRANT,
          EventType.REFRESH_TOKEN_ERROR,
          EventType.CODE_TO_TOKEN_ERROR,
          EventType.UPDATE_CREDENTIAL,
          EventType.REMOVE_CREDENTIAL,
          EventType.DELETE_ACCOUNT,
          EventType.USER_DISABLED_BY_PERMANENT_LOCKOUT);

  /** Credential types of CAEP §3.3.1 by those of Keycloak. */
  private static final Map<String, String> CREDENTIAL_TYPES =
      Map.of(
          PasswordCredentialModel.TYPE, "password",
          OTPCredentialModel.TYPE, "app",
          WebAuthnCredentialModel.TYPE_TWOFACTOR, "fido2-roaming",
          WebAuthnCredentialModel.TYPE_PASSWORDLESS, "fido2-platform");

  private final KeycloakSession session;
  private final PendingEvents pending;

  UserEvents(KeycloakSession session, PendingEvents pending) {
    this.session = session;
    this.pending = pending;
  }

  /**
   * Returns whether an event may end something. A login does only in a browser that has another
   * session; the most frequent events cost no look-up.
   */
  static boolean concerns(KeycloakSession session, Event event) {
    return CONCERNED.contains(event.getType())
        && (event.getType() != EventType.LOGIN || otherSession(session, event) != null);
  }

  /** Returns the session of the browser, or null if it has none but that of the event. */
  private static UserSessions.@Nullable Owned otherSession(KeycloakSession session, Event event) {
    var old = UserSessions.ofBrowser(session);
    return old == null || old.id().equals(event.getSessionId()) ? null : old;
  }

  /** Adds the security events of an event. */
  void handle(Event event) {
    switch (event.getType()) {
      case LOGOUT -> loggedOut(event);
      case LOGIN, RESTART_AUTHENTICATION, IMPERSONATE -> replaced(event);
      case REVOKE_GRANT -> revoked(event);
      case REFRESH_TOKEN_ERROR -> refreshRefused(event);
      case CODE_TO_TOKEN_ERROR -> codeRefused(event);
      case UPDATE_CREDENTIAL -> credential(event, "update");
      case REMOVE_CREDENTIAL -> credential(event, "delete");
      case DELETE_ACCOUNT -> pending.deletedByUser(event.getUserId());
      case USER_DISABLED_BY_PERMANENT_LOCKOUT ->
          pending.accountsSwitched(AccountWatch.takeSwitched(session), Initiator.POLICY);
      default -> throw new IllegalStateException("Unexpected event type: " + event.getType());
    }
  }

  private void loggedOut(Event event) {
    if (event.getSessionId() != null && event.getUserId() != null) {
      pending.sessionEnds(event.getSessionId(), event.getUserId(), Initiator.USER);
    }
  }

  /**
   * Another user signs in, or the login restarts, in a browser that has a session. Keycloak ends
   * that session without an event.
   */
  private void replaced(Event event) {
    var old = otherSession(session, event);
    if (old != null) {
      pending.sessionMayEnd(old.id(), old.userId(), Initiator.USER);
    }
    if (event.getType() == EventType.IMPERSONATE
        && session.getContext().getBearerToken() instanceof AccessToken admins
        && admins.getSessionId() != null) {
      pending.sessionMayEnd(admins.getSessionId(), admins.getSubject(), Initiator.ADMIN);
    }
  }

  /** Handles the revocation endpoint (RFC 7009) and a withdrawn consent. */
  private void revoked(Event event) {
    var user = user(event.getUserId());
    if (user == null || event.getClientId() == null) {
      return;
    }
    var client = detail(event, Details.REVOKED_CLIENT);
    if (detail(event, Details.TOKEN_ID) != null) {
      accessTokenRevoked(event);
    } else if (client != null && event.getSessionId() != null) {
      pending.clientSessionEnds(event.getSessionId(), user.getId(), client, Initiator.USER);
    } else if (client != null) {
      consentRevoked(session, pending, user, client, Initiator.USER);
    }
    var exchanged = detail(event, Details.TOKEN_EXCHANGE_REVOKED_CLIENTS);
    if (exchanged != null && event.getSessionId() != null) {
      for (var other : exchanged.split(",", -1)) {
        pending.clientSessionEnds(event.getSessionId(), user.getId(), other, Initiator.USER);
      }
    }
  }

  /**
   * Revokes the client's tokens of the session up to this token; later ones stay valid. The event
   * does not name the session, so it is read from the token.
   */
  private void accessTokenRevoked(Event event) {
    var token =
        session
            .tokens()
            .decode(
                session.getContext().getHttpRequest().getDecodedFormParameters().getFirst("token"),
                AccessToken.class);
    if (token == null || token.getSessionId() == null || token.getIat() == null) {
      return;
    }
    var client = event.getClientId();
    pending.add(
        "token " + token.getId(),
        frame ->
            frame
                .at(token.getIat() * 1000)
                .clientSessionRevoked(
                    token.getSessionId(), event.getUserId(), client, Initiator.USER));
  }

  /** Ends the client sessions of a client in every session of the user. */
  static void consentRevoked(
      KeycloakSession session,
      PendingEvents pending,
      UserModel user,
      String client,
      Initiator initiator) {
    var ids = new HashSet<String>();
    for (var offline : new boolean[] {false, true}) {
      UserSessions.before(session, pending.realm(), user, offline)
          .forEach(
              (id, clients) -> {
                if (clients.contains(client)) {
                  ids.add(id);
                }
              });
    }
    ids.forEach(id -> pending.clientSessionEnds(id, user.getId(), client, initiator));
  }

  /**
   * Handles reuse of a refresh token. Keycloak reports it in a separate transaction, in which the
   * sessions that it ends still exist.
   */
  private void refreshRefused(Event event) {
    var sessionId = event.getSessionId();
    var ended = detail(event, "sessions_ended");
    var stock = RefreshReuse.isReason(detail(event, Details.REASON));
    if (sessionId == null || event.getClientId() == null || (ended == null && !stock)) {
      return;
    }
    var user = userOf(sessionId);
    if (user == null) {
      return;
    }
    switch (ended == null ? "client-session" : ended) {
      case "all-sessions" -> {
        for (var offline : new boolean[] {false, true}) {
          UserSessions.before(session, pending.realm(), user, offline)
              .keySet()
              .forEach(one -> pending.sessionEnded(one, user.getId(), Initiator.POLICY));
        }
      }
      case "user-session" -> pending.sessionEnded(sessionId, user.getId(), Initiator.POLICY);
      default ->
          pending.clientSessionEnds(sessionId, user.getId(), event.getClientId(), Initiator.POLICY);
    }
  }

  /** Handles reuse of an authorization code, which revokes its tokens (RFC 6749 §4.1.2). */
  private void codeRefused(Event event) {
    var sessionId = event.getSessionId();
    if (!Errors.INVALID_CODE.equals(event.getError()) || sessionId == null) {
      return;
    }
    var user = userOf(sessionId);
    var client = event.getClientId();
    if (user != null
        && client != null
        && UserSessions.before(session, pending.realm(), user, false)
            .getOrDefault(sessionId, Set.of())
            .contains(client)) {
      pending.clientSessionEnded(sessionId, user.getId(), client, Initiator.POLICY);
    }
  }

  private void credential(Event event, String change) {
    var user = user(event.getUserId());
    if (user == null) {
      return;
    }
    var type = String.valueOf(detail(event, Details.CREDENTIAL_TYPE));
    if (PasswordCredentialModel.TYPE.equals(type) && change.equals("update")) {
      new PasswordChange(session, pending).changed(user, Initiator.USER, ownSession(event));
      return;
    }
    var caepType = CREDENTIAL_TYPES.getOrDefault(type, type);
    pending.add(
        "credential " + type + change,
        frame -> frame.credentialChange(user.getId(), caepType, change, Initiator.USER));
  }

  /** Returns the id of the session in which the user caused an event, or null if it is unknown. */
  private @Nullable String ownSession(Event event) {
    // not the login of the context: if Keycloak signed out other devices, it is the last of those
    var id = detail(event, Details.CODE_ID);
    if (id == null) {
      id = UserSessions.ofLogin(session);
    }
    return id == null ? event.getSessionId() : id;
  }

  private @Nullable UserModel userOf(String sessionId) {
    return user(UserSessions.userBefore(session, pending.realm(), sessionId));
  }

  private @Nullable UserModel user(@Nullable String id) {
    return id == null ? null : session.users().getUserById(pending.realm(), id);
  }

  private static @Nullable String detail(Event event, String name) {
    return event.getDetails() == null ? null : event.getDetails().get(name);
  }
}
