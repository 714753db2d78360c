/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
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

/** What people and their clients did, as the server's events tell it. */
final class PersonsActions {
  /** What can end a session, or a part of one, or change a credential. */
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

  /** The credential types of CAEP §3.3.1 that the server's own are. */
  private static final Map<String, String> CREDENTIAL_TYPES =
      Map.of(
          PasswordCredentialModel.TYPE, "password",
          OTPCredentialModel.TYPE, "app",
          WebAuthnCredentialModel.TYPE_TWOFACTOR, "fido2-roaming",
          WebAuthnCredentialModel.TYPE_PASSWORDLESS, "fido2-platform");

  private final KeycloakSession session;
  private final Changes changes;

  PersonsActions(KeycloakSession session, Changes changes) {
    this.session = session;
    this.changes = changes;
  }

  /**
   * Whether something may end by an event. Costs nothing for those that come most often: a login
   * ends something only in a browser that has another session.
   */
  static boolean concerns(KeycloakSession session, Event event) {
    return CONCERNED.contains(event.getType())
        && (event.getType() != EventType.LOGIN || hasOtherSession(session, event));
  }

  private static boolean hasOtherSession(KeycloakSession session, Event event) {
    return UserSessions.ofBrowser(session)
        .filter(old -> !old.id().equals(event.getSessionId()))
        .isPresent();
  }

  /** Notes what ends by an event. */
  void hear(Event event) {
    switch (event.getType()) {
      case LOGOUT -> loggedOut(event);
      case LOGIN, RESTART_AUTHENTICATION, IMPERSONATE -> replaced(event);
      case REVOKE_GRANT -> revoked(event);
      case REFRESH_TOKEN_ERROR -> refreshRefused(event);
      case CODE_TO_TOKEN_ERROR -> codeRefused(event);
      case UPDATE_CREDENTIAL -> credential(event, "update");
      case REMOVE_CREDENTIAL -> credential(event, "delete");
      case DELETE_ACCOUNT -> changes.deletedByUser(event.getUserId());
      case USER_DISABLED_BY_PERMANENT_LOCKOUT ->
          changes.switched(AccountWatch.takeSwitched(session), Initiator.POLICY);
      default -> throw new IllegalStateException("Not concerned: " + event.getType());
    }
  }

  private void loggedOut(Event event) {
    if (event.getSessionId() != null && event.getUserId() != null) {
      changes.sessionEnds(event.getSessionId(), event.getUserId(), Initiator.USER);
    }
  }

  /**
   * Another person signs in, or the login begins anew, in a browser that has a session. The server
   * then ends that session and tells nobody.
   */
  private void replaced(Event event) {
    UserSessions.ofBrowser(session)
        .filter(old -> !old.id().equals(event.getSessionId()))
        .ifPresent(old -> changes.sessionMayEnd(old.id(), old.userId(), Initiator.USER));
    if (event.getType() == EventType.IMPERSONATE
        && session.getContext().getBearerToken() instanceof AccessToken admins
        && admins.getSessionId() != null) {
      changes.sessionMayEnd(admins.getSessionId(), admins.getSubject(), Initiator.ADMIN);
    }
  }

  /** By the revocation endpoint (RFC 7009), or by withdrawing a consent. */
  private void revoked(Event event) {
    var user = user(event.getUserId());
    if (user == null || event.getClientId() == null) {
      return;
    }
    var client = detail(event, Details.REVOKED_CLIENT);
    if (detail(event, Details.TOKEN_ID) != null) {
      accessTokenRevoked(event);
    } else if (client != null && event.getSessionId() != null) {
      changes.clientSessionEnds(event.getSessionId(), user.getId(), client, Initiator.USER);
    } else if (client != null) {
      consentRevoked(session, changes, user, client, Initiator.USER);
    }
    var exchanged = detail(event, Details.TOKEN_EXCHANGE_REVOKED_CLIENTS);
    if (exchanged != null && event.getSessionId() != null) {
      for (var other : exchanged.split(",", -1)) {
        changes.clientSessionEnds(event.getSessionId(), user.getId(), other, Initiator.USER);
      }
    }
  }

  /**
   * The event does not say which session the token is of, so the token itself is read. What the
   * client got for that session up to this token ends; what it got since goes on.
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
    changes.add(
        "token " + token.getId(),
        frame ->
            frame
                .at(token.getIat() * 1000)
                .clientSessionRevoked(
                    token.getSessionId(), event.getUserId(), client, Initiator.USER));
  }

  /** The client's part of every session of the user ends; the sessions go on. */
  static void consentRevoked(
      KeycloakSession session,
      Changes changes,
      UserModel user,
      String client,
      Initiator initiator) {
    var ids = new HashSet<String>();
    for (var offline : new boolean[] {false, true}) {
      UserSessions.before(session, changes.realm(), user, offline)
          .forEach(
              (id, clients) -> {
                if (clients.contains(client)) {
                  ids.add(id);
                }
              });
    }
    ids.forEach(id -> changes.clientSessionEnds(id, user.getId(), client, initiator));
  }

  /**
   * A refresh token that was used before. The server reports it in a transaction of its own, in
   * which the sessions that end by it are still there.
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
          UserSessions.before(session, changes.realm(), user, offline)
              .keySet()
              .forEach(one -> changes.sessionIsOver(one, user.getId(), Initiator.POLICY));
        }
      }
      case "user-session" -> changes.sessionIsOver(sessionId, user.getId(), Initiator.POLICY);
      default ->
          changes.clientSessionEnds(sessionId, user.getId(), event.getClientId(), Initiator.POLICY);
    }
  }

  /** An authorization code that came twice ends what it gave (RFC 6749 §4.1.2). */
  private void codeRefused(Event event) {
    var sessionId = event.getSessionId();
    if (!Errors.INVALID_CODE.equals(event.getError()) || sessionId == null) {
      return;
    }
    var user = userOf(sessionId);
    var client = event.getClientId();
    if (user != null
        && client != null
        && UserSessions.before(session, changes.realm(), user, false)
            .getOrDefault(sessionId, Set.of())
            .contains(client)) {
      changes.clientSessionIsOver(sessionId, user.getId(), client, Initiator.POLICY);
    }
  }

  private void credential(Event event, String change) {
    var user = user(event.getUserId());
    if (user == null) {
      return;
    }
    var type = String.valueOf(detail(event, Details.CREDENTIAL_TYPE));
    if (PasswordCredentialModel.TYPE.equals(type) && change.equals("update")) {
      // not the login of the context: with the box ticked, it is that of the last session that
      // ended
      var kept =
          Optional.ofNullable(detail(event, Details.CODE_ID))
              .or(() -> UserSessions.ofLogin(session))
              .or(() -> Optional.ofNullable(event.getSessionId()));
      new Passwords(session, changes).changed(user, Initiator.USER, kept);
      return;
    }
    var told = CREDENTIAL_TYPES.getOrDefault(type, type);
    changes.add(
        "credential " + type + change,
        frame -> frame.credentialChange(user.getId(), told, change, Initiator.USER));
  }

  private @Nullable UserModel userOf(String sessionId) {
    return UserSessions.userBefore(session, changes.realm(), sessionId)
        .map(this::user)
        .orElse(null);
  }

  private @Nullable UserModel user(@Nullable String id) {
    return id == null ? null : session.users().getUserById(changes.realm(), id);
  }

  private static @Nullable String detail(Event event, String name) {
    return event.getDetails() == null ? null : event.getDetails().get(name);
  }
}
