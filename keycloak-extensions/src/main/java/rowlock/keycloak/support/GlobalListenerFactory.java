/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.support;

import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.EventListenerProviderFactory;

/** Factory of a listener that is active in every realm without configuration. */
public interface GlobalListenerFactory
    extends EventListenerProviderFactory, ExtensionFactory<EventListenerProvider> {
  @Override
  default boolean isGlobal() {
    return true;
  }
}
