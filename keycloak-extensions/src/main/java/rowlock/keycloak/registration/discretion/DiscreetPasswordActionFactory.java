/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.discretion;

import org.keycloak.authentication.FormAction;
import org.keycloak.authentication.FormActionFactory;
import org.keycloak.models.KeycloakSession;
import rowlock.keycloak.support.FlowStepFactory;

/** The form action {@code rowlock-registration-password}, as the admin console shows it. */
public final class DiscreetPasswordActionFactory extends FlowStepFactory
    implements FormActionFactory {
  /** The provider id. Must not change: realms name it. */
  static final String ID = "rowlock-registration-password";

  /** Used by the service loader. */
  public DiscreetPasswordActionFactory() {
    super(
        ID,
        "Registration Password (discreet)",
        "Replaces \"Password Validation\". If existing accounts are hidden, the reader of the mail chooses the password.");
  }

  @Override
  public FormAction create(KeycloakSession session) {
    return new DiscreetPasswordAction();
  }
}
