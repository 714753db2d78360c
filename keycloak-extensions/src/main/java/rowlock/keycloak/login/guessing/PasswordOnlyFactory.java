/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import org.keycloak.authentication.Authenticator;
import org.keycloak.models.KeycloakSession;

/** The step {@code rowlock-password-only}, the last of a direct grant flow. */
public final class PasswordOnlyFactory extends GuardStepFactory {
  /** The provider id. Must not change: realms name it. */
  static final String ID = "rowlock-password-only";

  /** Used by the service loader. */
  public PasswordOnlyFactory() {
    super(
        ID,
        "No second factor",
        "Rejects accounts with any credential other than a password: one-time codes, security keys, passkeys, recovery"
            + " codes. Must follow the password in a direct grant flow.");
  }

  @Override
  public Authenticator create(KeycloakSession session) {
    return new PasswordOnly();
  }
}
