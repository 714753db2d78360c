/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing.stock;

import java.util.Set;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.utils.WebOriginsUtils;

/** The origins whose pages may call the server for a client (Cross-Origin Resource Sharing). */
public final class WebOrigins {
  private WebOrigins() {}

  /** Returns the origins, with {@code +} resolved. */
  public static Set<String> of(KeycloakSession session, ClientModel client) {
    return WebOriginsUtils.resolveValidWebOrigins(session, client);
  }
}
