/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import java.util.Optional;
import org.keycloak.events.Event;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.admin.AdminEvent;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import rowlock.keycloak.revocation.delivery.Delivery;
import rowlock.keycloak.support.ListenerFailures;

/**
 * Hears what people and administrators did in one request, and notes what ends by it. What cannot
 * be noted does not happen: the request is rolled back, because an end that no receiver learns of
 * leaves its tokens in use. The failure is counted. The other listeners of this extension never
 * fail a request.
 */
final class RevocationListener implements EventListenerProvider {
  private final KeycloakSession session;
  private final Delivery delivery;

  RevocationListener(KeycloakSession session, Delivery delivery) {
    this.session = session;
    this.delivery = delivery;
  }

  @Override
  public void onEvent(Event event) {
    if (PersonsActions.concerns(session, event)) {
      orNothing(
          () ->
              changes(event.getRealmId())
                  .ifPresent(changes -> new PersonsActions(session, changes).hear(event)),
          event.getType().name());
    }
  }

  @Override
  public void onEvent(AdminEvent event, boolean includeRepresentation) {
    if (event.getError() == null) {
      AdminsAction.of(session, event)
          .ifPresent(
              action ->
                  orNothing(
                      () -> {
                        // also where no receiver is: what ends does not depend on who is notified
                        realm(event.getRealmId())
                            .ifPresent(realm -> action.endOffline(session, realm));
                        changes(event.getRealmId())
                            .ifPresent(changes -> action.note(session, changes));
                      },
                      action.kind().name()));
    }
  }

  /** The server logs what a listener throws and goes on: the change must not. */
  private void orNothing(Runnable action, String operation) {
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

  private Optional<Changes> changes(String realmId) {
    return realm(realmId)
        .map(realm -> Changes.of(session, realm, delivery))
        .filter(Changes::areWanted);
  }

  @Override
  public void close() {}
}
