/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.guard;

import org.keycloak.authentication.FormAuthenticator;
import org.keycloak.authentication.FormAuthenticatorFactory;
import org.keycloak.models.KeycloakSession;
import rowlock.keycloak.support.FlowStepFactory;

/** The page {@code rowlock-registration-page}, as the admin console offers it for a form. */
public final class GuardedRegistrationPageFactory extends FlowStepFactory
    implements FormAuthenticatorFactory {
  /** The provider id. Must not change: realms name it. */
  static final String ID = "rowlock-registration-page";

  /** Used by the service loader. */
  public GuardedRegistrationPageFactory() {
    super(
        ID,
        "Registration Page with Guard",
        "The registration page with the fields that \"Registration Guard\" requires.");
  }

  @Override
  public FormAuthenticator create(KeycloakSession session) {
    return new GuardedRegistrationPage();
  }
}
