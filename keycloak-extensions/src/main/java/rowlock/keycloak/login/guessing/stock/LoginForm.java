/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing.stock;

import java.util.Optional;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.authenticators.browser.AbstractUsernameFormAuthenticator;
import org.keycloak.models.UserModel;
import org.keycloak.services.messages.Messages;

/** What the server's forms of a login note in its session, and what they answer. */
public final class LoginForm {
  /** The answer of the direct grant to a wrong password, and to an unknown name. */
  public static final String INVALID_CREDENTIALS = "Invalid user credentials";

  /** Key of the message about a passkey that was not accepted. */
  public static final String PASSKEY_ERROR = Messages.WEBAUTHN_ERROR_API_GET;

  /** Key of the message that a mail was sent, if there is such an account. */
  public static final String MAIL_SENT = Messages.EMAIL_SENT;

  private LoginForm() {}

  /** Returns the account that an earlier step has identified; the server then reads no name. */
  public static Optional<UserModel> identified(AuthenticationFlowContext context) {
    var note =
        context
            .getAuthenticationSession()
            .getAuthNote(AbstractUsernameFormAuthenticator.USER_SET_BEFORE_USERNAME_PASSWORD_AUTH);
    return Boolean.parseBoolean(note) ? Optional.ofNullable(context.getUser()) : Optional.empty();
  }

  /** Forgets the name that was typed before, so that the form does not show it again. */
  public static void forgetName(AuthenticationFlowContext context) {
    context
        .getAuthenticationSession()
        .removeAuthNote(AbstractUsernameFormAuthenticator.ATTEMPTED_USERNAME);
  }
}
