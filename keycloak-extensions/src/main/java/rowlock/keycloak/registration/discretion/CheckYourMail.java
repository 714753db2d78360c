/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.discretion;

import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.Authenticator;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/**
 * The last step of a discreet registration: a page that asks the user to check the mailbox, also on
 * reload. Does nothing after any other registration.
 */
final class CheckYourMail implements Authenticator {
  private static final String TEMPLATE = "rowlock-check-your-mail.ftl";

  @Override
  public void authenticate(AuthenticationFlowContext context) {
    var address = context.getAuthenticationSession().getAuthNote(DiscreetRegistration.ANSWERED);
    if (address == null) {
      context.success();
    } else {
      context.challenge(
          context.form().setAttribute("rowlockAddress", address).createForm(TEMPLATE));
    }
  }

  @Override
  public void action(AuthenticationFlowContext context) {
    authenticate(context);
  }

  @Override
  public boolean requiresUser() {
    return false;
  }

  @Override
  public boolean configuredFor(KeycloakSession session, RealmModel realm, UserModel user) {
    return true;
  }

  @Override
  public void setRequiredActions(KeycloakSession session, RealmModel realm, UserModel user) {}

  @Override
  public void close() {}
}
