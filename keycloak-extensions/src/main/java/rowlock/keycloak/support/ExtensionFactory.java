/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.support;

import java.util.Map;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.provider.Provider;
import org.keycloak.provider.ProviderFactory;
import org.keycloak.provider.ServerInfoAwareProviderFactory;

/**
 * Common parts of most factories: no set-up and no close, and their version on the server's info
 * page.
 *
 * @param <T> type of the created providers
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
