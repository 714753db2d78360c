/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.support;

import java.util.Map;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.provider.Provider;
import org.keycloak.provider.ProviderFactory;
import org.keycloak.provider.ServerInfoAwareProviderFactory;

/**
 * What is the same for most of our factories: they have nothing to set up or to close, and the
 * server's info page tells their version.
 *
 * @param <T> what they make
 */
public interface ExtensionFactory<T extends Provider>
    extends ProviderFactory<T>, ServerInfoAwareProviderFactory {

  @Override
  default Map<String, String> getOperationalInfo() {
    return ExtensionVersion.asOperationalInfo();
  }

  @Override
  default void init(Config.Scope config) {}

  @Override
  default void postInit(KeycloakSessionFactory factory) {}

  @Override
  default void close() {}
}
