/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.support;

import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.EventListenerProviderFactory;

/** A factory of a listener that hears every realm: no realm can forget to switch it on. */
public interface GlobalListenerFactory
    extends EventListenerProviderFactory, ExtensionFactory<EventListenerProvider> {
  @Override
  default boolean isGlobal() {
    return true;
  }
}
