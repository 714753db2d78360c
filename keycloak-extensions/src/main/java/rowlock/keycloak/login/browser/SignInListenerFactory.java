/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.browser;

import org.keycloak.events.EventListenerProvider;
import org.keycloak.models.KeycloakSession;
import rowlock.keycloak.support.GlobalListenerFactory;

/** Creates the global listener {@code rowlock-browsers}. */
public final class SignInListenerFactory implements GlobalListenerFactory {
  /** The provider id. Must not change: operators' settings name it. */
  static final String ID = "rowlock-browsers";

  @Override
  public EventListenerProvider create(KeycloakSession session) {
    return new SignInListener(session);
  }

  @Override
  public String getId() {
    return ID;
  }
}
