/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import org.keycloak.authentication.Authenticator;
import org.keycloak.models.AuthenticationExecutionModel.Requirement;
import org.keycloak.models.KeycloakSession;

/** The step {@code rowlock-reset-mail}, as the admin console shows it. */
public final class DeferredResetMailStepFactory extends GuardStepFactory {
  /** The provider id. Must not change: realms name it. */
  static final String ID = "rowlock-reset-mail";

  /** Used by the service loader. */
  public DeferredResetMailStepFactory() {
    super(
        ID,
        "Send Reset Email after the response",
        "The stock step, but the mail is sent after the response, so that the response time does not reveal whether an account exists.");
  }

  @Override
  public Authenticator create(KeycloakSession session) {
    return new DeferredResetMailStep(stock(session, "reset-credential-email"));
  }

  @Override
  public Requirement[] getRequirementChoices() {
    return new Requirement[] {Requirement.REQUIRED};
  }
}
