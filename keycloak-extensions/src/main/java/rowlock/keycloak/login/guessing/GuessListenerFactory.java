/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import org.keycloak.Config;
import org.keycloak.events.Event;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.PostMigrationEvent;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;
import rowlock.keycloak.budget.NetworkList;
import rowlock.keycloak.support.GlobalListenerFactory;
import rowlock.keycloak.support.PasswordWatch;

/** Creates the listener {@code rowlock-guessing}, which counts in realms that have limits. */
public final class GuessListenerFactory implements GlobalListenerFactory {
  /** The provider id. Must not change: operators' settings name it. */
  static final String ID = "rowlock-guessing";

  private static final String EXEMPT = "exempt-networks";
  private static final String OPTION = "spi-events-listener--" + ID + "--";

  // an event equals only itself, and is released after its request
  private final Set<Event> charged =
      Collections.newSetFromMap(Collections.synchronizedMap(new WeakHashMap<>()));

  private @Nullable NetworkList exempt;

  @Override
  public EventListenerProvider create(KeycloakSession session) {
    return new GuessListener(session, charged);
  }

  @Override
  public String getId() {
    return ID;
  }

  @Override
  public void init(Config.Scope config) {
    exempt = NetworkList.parse(OPTION + EXEMPT, config.get(EXEMPT));
  }

  @Override
  public void postInit(KeycloakSessionFactory factory) {
    factory.register(
        event -> {
          if (event instanceof PostMigrationEvent) {
            PasswordWatch.start(factory);
          }
        });
  }

  /** Returns the networks whose failures are not counted against their address. */
  NetworkList exempt() {
    if (exempt == null) {
      throw new IllegalStateException("The factory is not initialized");
    }
    return exempt;
  }

  @Override
  public List<ProviderConfigProperty> getConfigMetadata() {
    return ProviderConfigurationBuilder.create()
        .property()
        .name(EXEMPT)
        .type(ProviderConfigProperty.STRING_TYPE)
        .helpText(
            "Networks whose failures are not counted against their address, separated by commas, such as"
                + " 192.0.2.0/24.")
        .add()
        .build();
  }
}
