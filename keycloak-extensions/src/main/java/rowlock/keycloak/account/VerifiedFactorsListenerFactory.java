/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.account;

import org.keycloak.events.EventListenerProvider;
import org.keycloak.models.KeycloakSession;
import rowlock.keycloak.support.GlobalListenerFactory;

/** Creates the global listener {@code rowlock-shown-factors}. */
public final class VerifiedFactorsListenerFactory implements GlobalListenerFactory {
  /** The provider id. Must not change: operators' settings name it. */
  static final String ID = "rowlock-shown-factors";

  @Override
  public EventListenerProvider create(KeycloakSession session) {
    return new VerifiedFactorsListener(session);
  }

  @Override
  public String getId() {
    return ID;
  }
}
