/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import org.keycloak.authentication.Authenticator;
import org.keycloak.models.AuthenticationExecutionModel.Requirement;
import org.keycloak.models.KeycloakSession;

/** The step {@code rowlock-reset-form} of a reset credentials flow. */
public final class GuardedResetFormFactory extends GuardStepFactory {
  /** The provider id. Must not change: realms name it. */
  static final String ID = "rowlock-reset-form";

  /** Used by the service loader. */
  public GuardedResetFormFactory() {
    super(
        ID,
        "Choose User with limits",
        "The stock step with limits of requests for each address and each account name. Uses the settings of"
            + " rowlock-password-form in the browser flow.");
  }

  @Override
  public Authenticator create(KeycloakSession session) {
    return new GuardedResetForm(stock(session, "reset-credentials-choose-user"));
  }

  @Override
  public Requirement[] getRequirementChoices() {
    return new Requirement[] {Requirement.REQUIRED};
  }
}
