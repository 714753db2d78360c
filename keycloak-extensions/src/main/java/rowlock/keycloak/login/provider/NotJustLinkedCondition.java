/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.provider;

import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.authenticators.conditional.ConditionalAuthenticator;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import rowlock.keycloak.login.provider.stock.FirstLogin;
import rowlock.keycloak.support.SecondFactors;
import rowlock.keycloak.support.VerifiedCredentials;

/**
 * Condition that is false if the flow of the first login has just linked the account and verified a
 * second factor. Another check would ask for it twice, and the code of an app works once, so its
 * owner would have to wait for the next.
 *
 * <p>A second factor alone does not count: the same authentication session may have verified it for
 * another account. The server rewrites the other note whenever a provider's user arrives.
 */
final class NotJustLinkedCondition implements ConditionalAuthenticator {
  @Override
  public boolean matchCondition(AuthenticationFlowContext context) {
    var login = context.getAuthenticationSession();
    return !FirstLogin.hasJustLinked(login)
        || !SecondFactors.areAmong(VerifiedCredentials.of(login));
  }

  @Override
  public void action(AuthenticationFlowContext context) {
    // no page to handle
  }

  @Override
  public boolean requiresUser() {
    return true;
  }

  @Override
  public void setRequiredActions(KeycloakSession session, RealmModel realm, UserModel user) {}

  @Override
  public void close() {}
}
