/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import org.keycloak.authentication.Authenticator;
import org.keycloak.models.AuthenticationExecutionModel.Requirement;
import org.keycloak.models.KeycloakSession;

/** The step {@code rowlock-reset-mail}, as the admin console shows it. */
public final class LateResetMailFactory extends GuardFactory {
  /** The provider id. Must not change: realms name it. */
  static final String ID = "rowlock-reset-mail";

  /** Used by the service loader. */
  public LateResetMailFactory() {
    super(
        ID,
        "Send Reset Email after the answer",
        "The stock step, but the mail is sent after the answer, so that the time of the answer does not tell who has an account.");
  }

  @Override
  public Authenticator create(KeycloakSession session) {
    return new LateResetMail(stock(session, "reset-credential-email"));
  }

  @Override
  public Requirement[] getRequirementChoices() {
    return new Requirement[] {Requirement.REQUIRED};
  }
}
