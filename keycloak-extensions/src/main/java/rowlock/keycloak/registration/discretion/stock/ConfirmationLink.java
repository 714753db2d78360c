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
 * A single-use link that proves that its reader receives the account's mail, and then leads through
 * the account's remaining actions. Works in any browser.
 */
public final class ConfirmationLink {
  private ConfirmationLink() {}

  /**
   * Creates a link.
   *
   * @param client to which the last page leads back
   * @param base of the server, as the browser addresses it
   * @param life time until the link expires
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
