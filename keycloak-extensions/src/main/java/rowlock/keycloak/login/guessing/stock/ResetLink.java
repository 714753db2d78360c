/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing.stock;

import java.net.URI;
import java.time.Duration;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.actiontoken.resetcred.ResetCredentialsActionToken;
import org.keycloak.common.util.Time;
import org.keycloak.models.DefaultActionTokenKey;
import org.keycloak.models.UserModel;
import org.keycloak.sessions.AuthenticationSessionCompoundId;

/**
 * The server's own password reset link.
 *
 * @param address target of the link
 * @param life time until it expires
 */
public record ResetLink(URI address, Duration life) {
  /** Creates a link that continues this login. */
  public static ResetLink of(AuthenticationFlowContext context, UserModel user) {
    var realm = context.getRealm();
    var login = context.getAuthenticationSession();
    var seconds =
        realm.getActionTokenGeneratedByUserLifespan(ResetCredentialsActionToken.TOKEN_TYPE);
    var token =
        new ResetCredentialsActionToken(
            user.getId(),
            user.getEmail(),
            Math.toIntExact(Time.currentTimeSeconds() + seconds),
            AuthenticationSessionCompoundId.fromAuthSession(login).getEncodedId(),
            login.getClient().getClientId());
    var key = token.serialize(context.getSession(), realm, context.getUriInfo());
    return new ResetLink(context.getActionTokenUrl(key), Duration.ofSeconds(seconds));
  }

  /**
   * Returns whether the user arrived by another link of the server. The server then sends no mail.
   */
  public static boolean isFollowed(AuthenticationFlowContext context) {
    return context
            .getAuthenticationSession()
            .getAuthNote(DefaultActionTokenKey.ACTION_TOKEN_USER_ID)
        != null;
  }
}
