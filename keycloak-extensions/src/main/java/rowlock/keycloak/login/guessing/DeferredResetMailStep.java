/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.Authenticator;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.models.credential.WebAuthnCredentialModel;
import org.keycloak.models.utils.FormMessage;
import rowlock.keycloak.login.guessing.stock.LoginForm;
import rowlock.keycloak.login.guessing.stock.ResetLink;

/**
 * The server's own step that sends the password reset link, but after the response: the server
 * sends it within the request, so that the response time reveals whether there is an account.
 */
final class DeferredResetMailStep extends DelegatingAuthenticator {
  DeferredResetMailStep(Authenticator stock) {
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
    if (!needsPasskey(user)) {
      ResetMail.enlist(context, user);
    }
    context.forkWithSuccessMessage(new FormMessage(LoginForm.MAIL_SENT));
  }

  /**
   * Returns whether the account signs in with a passkey. A first password that depends on the
   * mailbox alone would be weaker than the owner's choice.
   */
  private static boolean needsPasskey(UserModel user) {
    var credentials = user.credentialManager();
    return credentials.isConfiguredFor(WebAuthnCredentialModel.TYPE_PASSWORDLESS)
        && !credentials.isConfiguredFor(PasswordCredentialModel.TYPE);
  }

  @Override
  public void action(AuthenticationFlowContext context) {
    stock.action(context);
  }
}
