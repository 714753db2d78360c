/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import java.util.Map;
import org.keycloak.Config;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.EventListenerProviderFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.UserModel.UserRemovedEvent;
import org.keycloak.models.utils.PostMigrationEvent;
import org.keycloak.provider.ProviderEvent;
import org.keycloak.provider.ServerInfoAwareProviderFactory;
import rowlock.keycloak.revocation.SecurityEvent.Initiator;
import rowlock.keycloak.support.ExtensionVersion;

/**
 * Makes the listener {@code rowlock-revocation}. It is global: a realm that has a receiver cannot
 * forget to switch it on.
 */
public final class RevocationListenerFactory
    implements EventListenerProviderFactory, ServerInfoAwareProviderFactory {
  /** The provider id. Never changes: operators' settings name it. */
  static final String ID = "rowlock-revocation";

  private final Delivery delivery = new Delivery(new HttpPush());
  private final Drainer drainer = new Drainer(delivery);

  @Override
  public EventListenerProvider create(KeycloakSession session) {
    return new RevocationListener(session, delivery);
  }

  @Override
  public void postInit(KeycloakSessionFactory factory) {
    factory.register(this::hear);
  }

  private void hear(ProviderEvent event) {
    if (event instanceof UserRemovedEvent removed) {
      var id = removed.getUser().getId();
      Changes.of(removed.getKeycloakSession(), removed.getRealm(), delivery)
          .add(
              "purged " + id,
              Initiator.ADMIN,
              frame -> frame.account(SecurityEvent.ACCOUNT_PURGED, id));
    } else if (event instanceof PostMigrationEvent started) {
      drainer.start(started.getFactory());
    }
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
  public void close() {
    drainer.stop();
  }
}
