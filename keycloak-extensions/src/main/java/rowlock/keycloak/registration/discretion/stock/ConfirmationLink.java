/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.discretion.stock;

import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import org.keycloak.authentication.actiontoken.execactions.ExecuteActionsActionToken;
import org.keycloak.common.util.KeycloakUriBuilder;
import org.keycloak.common.util.Time;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/**
 * A link that proves that its reader gets an account's mail, and then leads through the actions the
 * account still has to do. Works once, in any browser.
 */
public final class ConfirmationLink {
  private ConfirmationLink() {}

  /**
   * Makes a link.
   *
   * @param client that the last page leads back to
   * @param base of the server, as the browser knows it
   * @param life how long the link works
   */
  public static URI of(
      KeycloakSession session,
      RealmModel realm,
      UserModel user,
      ClientModel client,
      URI base,
      Duration life) {
    var issuer = KeycloakUriBuilder.fromUri(base).path("realms/{realm}").build(realm.getName());
    var expires = (int) (Time.currentTimeMillis() / 1_000 + life.toSeconds());
    var token =
        new ExecuteActionsActionToken(
            user.getId(),
            user.getEmail(),
            expires,
            user.getRequiredActionsStream().toList(),
            null,
            client.getClientId());
    token
        .issuedNow()
        .id(UUID.randomUUID().toString())
        .issuer(issuer.toString())
        .audience(issuer.toString());
    return KeycloakUriBuilder.fromUri(issuer)
        .path("login-actions/action-token")
        .queryParam("key", session.tokens().encode(token))
        .queryParam("client_id", client.getClientId())
        .build();
  }
}
