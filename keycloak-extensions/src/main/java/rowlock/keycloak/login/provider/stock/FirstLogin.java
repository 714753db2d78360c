/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.provider.stock;

import org.keycloak.authentication.authenticators.broker.util.PostBrokerLoginConstants;
import org.keycloak.sessions.AuthenticationSessionModel;

/** The first login of an account with another identity provider. */
public final class FirstLogin {
  private FirstLogin() {}

  /**
   * Returns whether the flow of the first login has just linked the account. The server rewrites
   * this note whenever a user arrives from an identity provider.
   */
  public static boolean hasJustLinked(AuthenticationSessionModel login) {
    return Boolean.parseBoolean(
        login.getAuthNote(PostBrokerLoginConstants.PBL_AFTER_FIRST_BROKER_LOGIN));
  }
}
