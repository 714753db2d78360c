/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing.stock;

import org.jspecify.annotations.Nullable;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.authenticators.browser.AbstractUsernameFormAuthenticator;
import org.keycloak.models.UserModel;
import org.keycloak.services.messages.Messages;

/** Session notes and responses of the server's login forms. */
public final class LoginForm {
  /** Error of the direct grant for a wrong password and for an unknown name. */
  public static final String INVALID_CREDENTIALS = "Invalid user credentials";

  /** Key of the message for a rejected passkey. */
  public static final String PASSKEY_ERROR = Messages.WEBAUTHN_ERROR_API_GET;

  /** Key of the message that a mail was sent, if there is such an account. */
  public static final String MAIL_SENT = Messages.EMAIL_SENT;

  private LoginForm() {}

  /**
   * Returns the account that an earlier step has identified, or null if none has. With such an
   * account the server reads no name.
   */
  public static @Nullable UserModel identified(AuthenticationFlowContext context) {
    var note =
        context
            .getAuthenticationSession()
            .getAuthNote(AbstractUsernameFormAuthenticator.USER_SET_BEFORE_USERNAME_PASSWORD_AUTH);
    return Boolean.parseBoolean(note) ? context.getUser() : null;
  }

  /** Removes the name that was typed before, so that the form does not show it again. */
  public static void forgetName(AuthenticationFlowContext context) {
    context
        .getAuthenticationSession()
        .removeAuthNote(AbstractUsernameFormAuthenticator.ATTEMPTED_USERNAME);
  }
}
