/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import java.util.Optional;
import org.keycloak.events.Event;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.admin.AdminEvent;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
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
      orRollBack(
          () ->
              pending(event.getRealmId())
                  .ifPresent(pending -> new UserEvents(session, pending).handle(event)),
          event.getType().name());
    }
  }

  @Override
  public void onEvent(AdminEvent event, boolean includeRepresentation) {
    if (event.getError() == null) {
      AdminAction.of(session, event)
          .ifPresent(
              action ->
                  orRollBack(
                      () -> {
                        // also without receivers: they must not decide which sessions end
                        realm(event.getRealmId())
                            .ifPresent(realm -> action.endOffline(session, realm));
                        pending(event.getRealmId())
                            .ifPresent(pending -> action.note(session, pending));
                      },
                      action.kind().name()));
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

  private Optional<RealmModel> realm(String id) {
    return Optional.ofNullable(session.realms().getRealm(id));
  }

  private Optional<PendingEvents> pending(String realmId) {
    return realm(realmId)
        .map(realm -> PendingEvents.of(session, realm, delivery))
        .filter(PendingEvents::hasReceivers);
  }

  @Override
  public void close() {}
}
