/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Set;
import java.util.stream.Stream;
import org.keycloak.OAuthErrorException;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.AuthenticationFlowError;
import org.keycloak.credential.CredentialModel;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.representations.idm.OAuth2ErrorRepresentation;
import rowlock.keycloak.login.guessing.stock.LoginForm;

/**
 * The last step of the direct grant flow: rejects an account that has any credential other than a
 * password. A program cannot ask for a security key, a passkey or a recovery code, and the choice
 * of the client must not bypass an account's second factor.
 *
 * <p>The error equals that of a wrong password (RFC 6749 §5.2), so that it confirms no password.
 */
final class PasswordOnly extends DirectGrantStep {
  /** The reason in the event. */
  static final String REASON = "Account has a second factor";

  private static final Set<String> PASSWORDS =
      Set.of(PasswordCredentialModel.TYPE, PasswordCredentialModel.PASSWORD_HISTORY);

  @Override
  public void authenticate(AuthenticationFlowContext context) {
    if (hasSecondFactor(context.getUser())) {
      context.getEvent().user(context.getUser()).detail(Details.REASON, REASON);
      context.getEvent().error(Errors.ACCESS_DENIED);
      context.failure(AuthenticationFlowError.INVALID_CREDENTIALS, refusal());
      return;
    }
    context.success();
  }

  private static boolean hasSecondFactor(UserModel user) {
    var credentials = user.credentialManager();
    return Stream.concat(
            credentials.getStoredCredentialsStream().map(CredentialModel::getType),
            credentials.getConfiguredUserStorageCredentialTypesStream())
        .anyMatch(type -> !PASSWORDS.contains(type));
  }

  private static Response refusal() {
    return Response.status(Response.Status.BAD_REQUEST)
        .entity(
            new OAuth2ErrorRepresentation(
                OAuthErrorException.INVALID_GRANT, LoginForm.INVALID_CREDENTIALS))
        .type(MediaType.APPLICATION_JSON_TYPE)
        .build();
  }

  @Override
  public boolean requiresUser() {
    return true;
  }
}
