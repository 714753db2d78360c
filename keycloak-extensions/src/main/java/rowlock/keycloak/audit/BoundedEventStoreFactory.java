/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.audit;

import java.util.List;
import org.keycloak.Config;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.events.Event;
import org.keycloak.events.EventStoreProvider;
import org.keycloak.events.EventStoreProviderFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;
import rowlock.keycloak.audit.stock.BoundedEventStore;
import rowlock.keycloak.support.ExtensionFactory;

/**
 * Creates the event store of every realm. Events that anonymous requests can cause are stored
 * within {@link EventBudgets} only; successful events of an account are always stored. The stock
 * factory stays registered and removes a realm's events.
 */
public final class BoundedEventStoreFactory
    implements EventStoreProviderFactory, ExtensionFactory<EventStoreProvider> {
  /** The provider id. Must not change: operators' settings name it. */
  static final String ID = "rowlock-events-store";

  private static final String PER_ADDRESS = "anonymous-per-address-and-day";
  private static final String PER_REALM = "anonymous-per-realm-and-day";
  private static final int DEFAULT_PER_ADDRESS = 500;
  private static final int DEFAULT_PER_REALM = 10_000;

  private EventBudgets budgets = EventBudgets.of(DEFAULT_PER_ADDRESS, DEFAULT_PER_REALM);

  @Override
  public void init(Config.Scope config) {
    budgets =
        EventBudgets.of(
            config.getInt(PER_ADDRESS, DEFAULT_PER_ADDRESS),
            config.getInt(PER_REALM, DEFAULT_PER_REALM));
  }

  @Override
  public EventStoreProvider create(KeycloakSession session) {
    return new BoundedEventStore(
        session,
        session.getProvider(JpaConnectionProvider.class).getEntityManager(),
        event -> !AnonymousEvents.canCause(event) || isWithinBudget(session, event));
  }

  private boolean isWithinBudget(KeycloakSession session, Event event) {
    var realm = session.realms().getRealm(event.getRealmId());
    return realm == null
        || budgets.take(session, realm, event.getIpAddress(), event.getUserId() != null);
  }

  /** Takes precedence over the stock store, whose order is 0. */
  @Override
  public int order() {
    return 10;
  }

  @Override
  public String getId() {
    return ID;
  }

  @Override
  public List<ProviderConfigProperty> getConfigMetadata() {
    return ProviderConfigurationBuilder.create()
        .property()
        .name(PER_ADDRESS)
        .type(ProviderConfigProperty.INTEGER_TYPE)
        .defaultValue(DEFAULT_PER_ADDRESS)
        .helpText(
            "Maximum number of refusals and of events without an account that are stored for one address in a day.")
        .add()
        .property()
        .name(PER_REALM)
        .type(ProviderConfigProperty.INTEGER_TYPE)
        .defaultValue(DEFAULT_PER_REALM)
        .helpText("The same for all addresses of a realm together.")
        .add()
        .build();
  }
}
