/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery.stock;

import org.jspecify.annotations.Nullable;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.utils.AuthorizeClientUtil;

/** Client authentication as at the token endpoint (RFC 6749 §2.3, RFC 7523 §2.2). */
public final class ClientAuthentication {
  private ClientAuthentication() {}

  /**
   * Returns the authenticated client of the current request, or null if it is public and has no
   * credentials.
   *
   * @throws jakarta.ws.rs.WebApplicationException with the response of RFC 6749 §5.2, if it fails;
   *     Keycloak reports it as {@code CLIENT_LOGIN_ERROR}
   */
  public static @Nullable ClientModel authenticate(KeycloakSession session) {
    var context = session.getContext();
    var event =
        new EventBuilder(context.getRealm(), session, context.getConnection())
            .event(EventType.CLIENT_LOGIN);
    var client = AuthorizeClientUtil.authorizeClient(session, event, null).getClient();
    return client.isPublicClient() ? null : client;
  }
}
