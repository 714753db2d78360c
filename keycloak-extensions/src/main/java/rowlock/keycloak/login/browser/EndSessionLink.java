/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.browser;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.keycloak.authentication.actiontoken.DefaultActionToken;
import org.keycloak.common.util.KeycloakUriBuilder;
import org.keycloak.common.util.Time;
import org.keycloak.events.Event;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import rowlock.keycloak.support.RealmIssuer;

/** The link in the mail about a new browser, and the pages that it leads to. */
final class EndSessionLink {
  /** Long enough for a mail that is read after a weekend. */
  static final Duration LIFE = Duration.ofDays(3);

  private static final String USED = "rowlock.end-session:";

  private EndSessionLink() {}

  static URI of(KeycloakSession session, RealmModel realm, UserModel user, Event event) {
    var token =
        new EndSessionToken(
            user.getId(),
            in(LIFE),
            event.getSessionId(),
            user.getEmail(),
            Objects.toString(event.getClientId(), ""));
    return base(session, realm)
        .path(EndSessionPageFactory.ID)
        .queryParam("key", signed(session, realm, token))
        .build();
  }

  /** Returns the address of the realm's own password reset. */
  static URI newPassword(KeycloakSession session, RealmModel realm, EndSessionToken token) {
    var page = base(session, realm).path("login-actions/reset-credentials");
    var client = realm.getClientByClientId(token.getIssuedFor());
    return client != null && client.isEnabled()
        ? page.queryParam("client_id", client.getClientId()).build()
        : page.build();
  }

  /**
   * Returns the token, or null if the realm did not sign it, it has expired, or it was used before.
   */
  static @Nullable EndSessionToken read(
      KeycloakSession session, RealmModel realm, @Nullable String key) {
    if (key == null || key.chars().filter(one -> one == '.').count() != 2) {
      return null;
    }
    var token = session.tokens().decode(key, EndSessionToken.class);
    return token != null
            && EndSessionToken.TYPE.equals(token.getType())
            && RealmIssuer.of(session, realm).equals(token.getIssuer())
            && token.isActive()
            && token.sessionId() != null
            && token.getUserId() != null
            && !session.singleUseObjects().contains(USED + token.getId())
        ? token
        : null;
  }

  /**
   * Marks the token as used, permanently and on all nodes.
   *
   * @return whether it was unused
   */
  static boolean use(KeycloakSession session, EndSessionToken token) {
    return session.singleUseObjects().putIfAbsent(USED + token.getId(), LIFE.toSeconds());
  }

  private static int in(Duration life) {
    return (int) (Time.currentTimeMillis() / 1_000 + life.toSeconds());
  }

  private static String signed(
      KeycloakSession session, RealmModel realm, DefaultActionToken token) {
    var issuer = RealmIssuer.of(session, realm);
    token.issuedNow().id(UUID.randomUUID().toString()).issuer(issuer).audience(issuer);
    return session.tokens().encode(token);
  }

  private static KeycloakUriBuilder base(KeycloakSession session, RealmModel realm) {
    return KeycloakUriBuilder.fromUri(RealmIssuer.of(session, realm));
  }
}
