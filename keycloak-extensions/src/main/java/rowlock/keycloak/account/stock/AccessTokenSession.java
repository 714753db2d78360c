/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.account.stock;

import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.representations.AccessToken;
import org.keycloak.services.util.UserSessionUtil;

/** The user session that an access token of this server belongs to. */
public final class AccessTokenSession {
  private AccessTokenSession() {}

  /**
   * Returns the session of the access token in an {@code Authorization} header, or null if there is
   * none. Verifies the signature only: the resource decides whether and how (DPoP) the token may be
   * used. Verifying a DPoP proof here would use it up.
   *
   * @param authorization value of the header: a scheme, a space and the token
   */
  public static @Nullable UserSessionModel of(
      KeycloakSession session, RealmModel realm, String authorization) {
    var space = authorization.indexOf(' ');
    var token =
        space < 0
            ? null
            : session.tokens().decode(authorization.substring(space + 1), AccessToken.class);
    var client =
        token == null || token.getIssuedFor() == null
            ? null
            : realm.getClientByClientId(token.getIssuedFor());
    if (token == null || client == null || token.getId() == null) {
      return null;
    }
    return UserSessionUtil.findValidSessionForAccessToken(
            session, realm, token, client, invalid -> {})
        .getUserSession();
  }
}
