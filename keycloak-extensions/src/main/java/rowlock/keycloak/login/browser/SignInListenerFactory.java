/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.browser;

import java.util.Map;
import org.keycloak.Config;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.EventListenerProviderFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.provider.ServerInfoAwareProviderFactory;
import rowlock.keycloak.support.ExtensionVersion;

/** Makes the listener {@code rowlock-browsers}; it is global. */
public final class SignInListenerFactory
    implements EventListenerProviderFactory, ServerInfoAwareProviderFactory {
  /** The provider id. Never changes: operators' settings name it. */
  static final String ID = "rowlock-browsers";

  @Override
  public EventListenerProvider create(KeycloakSession session) {
    return new SignInListener(session);
  }

  @Override
  public boolean isGlobal() {
    return true;
  }

  @Override
  public String getId() {
    return ID;
  }

  @Override
  public Map<String, String> getOperationalInfo() {
    return ExtensionVersion.asOperationalInfo();
  }

  @Override
  public void init(Config.Scope config) {}

  @Override
  public void postInit(KeycloakSessionFactory factory) {}

  @Override
  public void close() {}
}
