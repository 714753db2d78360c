/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.Authenticator;
import org.keycloak.models.utils.FormMessage;
import org.keycloak.services.messages.Messages;
import rowlock.keycloak.support.ResetLink;

/**
 * The server's own step that sends the link to a new password, but after the answer: the server
 * sends within the request, so that everybody with a watch sees whether there is an account.
 */
final class LateResetMail extends AroundStock {

  LateResetMail(Authenticator stock) {
    super(stock);
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
}
