/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.support;

import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserSessionModel;
import org.keycloak.services.managers.AuthenticationManager;

/** The server's own logout of a user session, without a browser. */
public final class SessionLogout {
  private SessionLogout() {}

  /** Ends a session, or an offline session, and notifies all its clients. */
  public static void end(KeycloakSession session, UserSessionModel userSession) {
    AuthenticationManager.backchannelLogout(session, userSession, true);
  }
}
