/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.discretion;

import org.keycloak.authentication.Authenticator;
import org.keycloak.authentication.AuthenticatorFactory;
import org.keycloak.models.KeycloakSession;
import rowlock.keycloak.support.FlowStepFactory;

/** The step {@code rowlock-check-your-mail} ("Check Your Mail"), as the admin console shows it. */
public final class CheckYourMailFactory extends FlowStepFactory implements AuthenticatorFactory {
  /** The provider id. Must not change: realms name it. */
  static final String ID = "rowlock-check-your-mail";

  /** Used by the service loader. */
  public CheckYourMailFactory() {
    super(
        ID,
        "Check Your Mail",
        "The last page of a registration that hides existing accounts. Must follow the registration form. Does nothing in other registrations.");
  }

  @Override
  public Authenticator create(KeycloakSession session) {
    return new CheckYourMail();
  }
}
