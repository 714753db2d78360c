/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.Authenticator;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.FormMessage;
import org.keycloak.services.messages.Messages;
import rowlock.keycloak.support.ResetLink;

/**
 * The server's own step that sends the link to a new password, but after the answer: the server
 * sends within the request, so that everybody with a watch sees whether there is an account.
 */
final class LateResetMail implements Authenticator {
  private final Authenticator stock;

  LateResetMail(Authenticator stock) {
    this.stock = stock;
  }

  @Override
  public void authenticate(AuthenticationFlowContext context) {
    var user = context.getUser();
    if (user == null
        || user.getEmail() == null
        || user.getEmail().isBlank()
        || ResetLink.isFollowed(context)) {
      stock.authenticate(context);
      return;
    }
    ResetMail.enlist(context, user);
    context.forkWithSuccessMessage(new FormMessage(Messages.EMAIL_SENT));
  }

  @Override
  public void action(AuthenticationFlowContext context) {
    stock.action(context);
  }

  @Override
  public boolean requiresUser() {
    return stock.requiresUser();
  }

  @Override
  public boolean configuredFor(KeycloakSession session, RealmModel realm, UserModel user) {
    return stock.configuredFor(session, realm, user);
  }

  @Override
  public void setRequiredActions(KeycloakSession session, RealmModel realm, UserModel user) {
    stock.setRequiredActions(session, realm, user);
  }

  @Override
  public void close() {
    // the session closes what it made
  }
}
