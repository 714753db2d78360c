/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import java.util.Objects;
import org.keycloak.authentication.Authenticator;
import org.keycloak.authentication.AuthenticatorFactory;
import org.keycloak.models.KeycloakSession;
import rowlock.keycloak.support.FlowStepFactory;

/** Factory of a step that adds checks to one of the server's own. */
abstract class GuardStepFactory extends FlowStepFactory implements AuthenticatorFactory {
  GuardStepFactory(String id, String display, String help) {
    super(id, display, help);
  }

  /** Returns the server's own step with that id. */
  static Authenticator stock(KeycloakSession session, String id) {
    return Objects.requireNonNull(session.getProvider(Authenticator.class, id), id);
  }
}
