/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import org.keycloak.authentication.Authenticator;
import org.keycloak.models.KeycloakSession;

/** The step {@code rowlock-direct-grant-guard}, the first of a direct grant flow. */
public final class DirectGrantGuardFactory extends GuardStepFactory {
  /** The provider id. Must not change: realms name it. */
  static final String ID = "rowlock-direct-grant-guard";

  /** Used by the service loader. */
  public DirectGrantGuardFactory() {
    super(
        ID,
        "Limits",
        "Limits of failed attempts for each address and each account name. Must be the first step. Uses the settings of"
            + " rowlock-password-form in the browser flow.");
  }

  @Override
  public Authenticator create(KeycloakSession session) {
    return new DirectGrantGuard();
  }
}
