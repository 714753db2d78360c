/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.browser;

import org.keycloak.events.EventListenerProvider;
import org.keycloak.models.KeycloakSession;
import rowlock.keycloak.support.GlobalListenerFactory;

/** Makes the listener {@code rowlock-browsers}; it is global. */
public final class SignInListenerFactory implements GlobalListenerFactory {
  /** The provider id. Never changes: operators' settings name it. */
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
