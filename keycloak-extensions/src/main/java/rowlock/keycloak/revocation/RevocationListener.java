/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import org.jspecify.annotations.Nullable;
import org.keycloak.events.Event;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.admin.AdminEvent;
import org.keycloak.models.KeycloakSession;
import rowlock.keycloak.revocation.delivery.EventDelivery;
import rowlock.keycloak.support.ListenerFailures;

/**
 * Adds security events for what users and administrators did in one request. If that fails, the
 * request is rolled back and the failure is counted: a revocation that no receiver gets would leave
 * tokens in use. The other listeners of this extension never fail a request.
 */
final class RevocationListener implements EventListenerProvider {
  private final KeycloakSession session;
  private final EventDelivery delivery;

  RevocationListener(KeycloakSession session, EventDelivery delivery) {
    this.session = session;
    this.delivery = delivery;
  }

  @Override
  public void onEvent(Event event) {
    if (UserEvents.concerns(session, event)) {
      orRollBack(() -> handle(event), event.getType().name());
    }
  }

  @Override
  public void onEvent(AdminEvent event, boolean includeRepresentation) {
    var action = event.getError() == null ? AdminAction.of(session, event) : null;
    if (action != null) {
      orRollBack(() -> handle(event, action), action.kind().name());
    }
  }

  private void handle(Event event) {
    var pending = pending(event.getRealmId());
    if (pending != null) {
      new UserEvents(session, pending).handle(event);
    }
  }

  private void handle(AdminEvent event, AdminAction action) {
    var realm = session.realms().getRealm(event.getRealmId());
    if (realm != null) {
      // also without receivers: they must not decide which sessions end
      action.endOffline(session, realm);
    }
    var pending = pending(event.getRealmId());
    if (pending != null) {
      action.note(session, pending);
    }
  }

  /** Marks the transaction for rollback, because Keycloak only logs what a listener throws. */
  private void orRollBack(Runnable action, String operation) {
    try {
      action.run();
    } catch (RuntimeException e) {
      ListenerFailures.count(RevocationListenerFactory.ID, operation);
      session.getTransactionManager().setRollbackOnly();
      throw e;
    }
  }

  /** Returns the events of the transaction, or null if the realm is missing or has no receivers. */
  private @Nullable PendingEvents pending(String realmId) {
    var realm = session.realms().getRealm(realmId);
    var pending = realm == null ? null : PendingEvents.of(session, realm, delivery);
    return pending != null && pending.hasReceivers() ? pending : null;
  }

  @Override
  public void close() {}
}
