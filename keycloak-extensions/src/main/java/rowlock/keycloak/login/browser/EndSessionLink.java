/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.browser;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.keycloak.authentication.actiontoken.DefaultActionToken;
import org.keycloak.authentication.actiontoken.execactions.ExecuteActionsActionToken;
import org.keycloak.common.util.KeycloakUriBuilder;
import org.keycloak.common.util.Time;
import org.keycloak.events.Event;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import rowlock.keycloak.support.UserSessions;

/** The link in the mail, and the one that the page behind it leads to. */
final class EndSessionLink {
  /** A mail may be read after a weekend. */
  static final Duration LIFE = Duration.ofDays(3);

  /** From one page to the next. */
  private static final Duration PASSWORD_LIFE = Duration.ofMinutes(15);

  private static final String USED = "rowlock.end-session:";

  private EndSessionLink() {}

  static URI of(KeycloakSession session, RealmModel realm, UserModel user, Event event) {
    var token =
        new EndSessionToken(
            user.getId(),
            in(LIFE),
            event.getSessionId(),
            Objects.toString(event.getClientId(), ""));
    return base(session, realm)
        .path(EndSessionPageFactory.ID)
        .queryParam("key", signed(session, realm, token))
        .build();
  }

  /** The server's own way to a new password, for whoever gets the account's mail. */
  static URI newPassword(
      KeycloakSession session, RealmModel realm, UserModel user, EndSessionToken token) {
    var actions =
        new ExecuteActionsActionToken(
            user.getId(),
            user.getEmail(),
            in(PASSWORD_LIFE),
            List.of(UserModel.RequiredAction.UPDATE_PASSWORD.name()),
            null,
            token.getIssuedFor());
    return base(session, realm)
        .path("login-actions/action-token")
        .queryParam("key", signed(session, realm, actions))
        .queryParam("client_id", token.getIssuedFor())
        .build();
  }

  /** The token, if it is ours, for this realm, and still good. */
  static Optional<EndSessionToken> read(
      KeycloakSession session, RealmModel realm, @Nullable String key) {
    if (key == null || key.chars().filter(one -> one == '.').count() != 2) {
      return Optional.empty();
    }
    return Optional.ofNullable(session.tokens().decode(key, EndSessionToken.class))
        .filter(token -> EndSessionToken.TYPE.equals(token.getType()))
        .filter(token -> UserSessions.issuer(session, realm).equals(token.getIssuer()))
        .filter(EndSessionToken::isActive)
        .filter(token -> token.sessionId() != null && token.getUserId() != null)
        .filter(token -> !session.singleUseObjects().contains(USED + token.getId()));
  }

  /** Takes it for good. @return whether nobody did before, on any node */
  static boolean use(KeycloakSession session, EndSessionToken token) {
    return session.singleUseObjects().putIfAbsent(USED + token.getId(), LIFE.toSeconds());
  }

  private static int in(Duration life) {
    return (int) (Time.currentTimeMillis() / 1_000 + life.toSeconds());
  }

  private static String signed(
      KeycloakSession session, RealmModel realm, DefaultActionToken token) {
    var issuer = UserSessions.issuer(session, realm);
    token.issuedNow().id(UUID.randomUUID().toString()).issuer(issuer).audience(issuer);
    return session.tokens().encode(token);
  }

  private static KeycloakUriBuilder base(KeycloakSession session, RealmModel realm) {
    return KeycloakUriBuilder.fromUri(UserSessions.issuer(session, realm));
  }
}
