/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import java.util.Objects;
import org.keycloak.events.Event;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.EventType;
import org.keycloak.events.admin.AdminEvent;
import org.keycloak.events.admin.OperationType;
import org.keycloak.events.admin.ResourceType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import rowlock.keycloak.revocation.SecurityEvent.Initiator;
import rowlock.keycloak.support.UserSessions;

/** Hears what people and administrators did in one request, and notes what ends by it. */
final class RevocationListener implements EventListenerProvider {
  private final KeycloakSession session;
  private final Delivery delivery;

  RevocationListener(KeycloakSession session, Delivery delivery) {
    this.session = session;
    this.delivery = delivery;
  }

  @Override
  public void onEvent(Event event) {
    orNothing(
        () -> {
          if (event.getType() == EventType.LOGOUT && event.getSessionId() != null) {
            var changes = changes(event.getRealmId());
            var sessionId = event.getSessionId();
            changes.add(
                "session " + sessionId,
                Initiator.USER,
                frame -> frame.sessionRevoked(sessionId, event.getUserId()));
          }
        });
  }

  @Override
  public void onEvent(AdminEvent event, boolean includeRepresentation) {
    if (event.getError() != null || event.getResourcePath() == null) {
      return;
    }
    orNothing(() -> hear(event, event.getResourcePath().split("/")));
  }

  private void hear(AdminEvent event, String[] path) {
    var type = event.getResourceType();
    if (type == ResourceType.USER && path.length == 3 && path[2].equals("logout")) {
      var changes = changes(event.getRealmId());
      var user = session.users().getUserById(changes.realm(), path[1]);
      if (changes.areWanted() && user != null) {
        UserSessions.before(session, changes.realm(), user)
            .keySet()
            .forEach(id -> changes.sessionMayEnd(id, path[1], Initiator.ADMIN));
      }
    } else if (type == ResourceType.USER
        && event.getOperationType() == OperationType.UPDATE
        && path.length == 2) {
      var changes = changes(event.getRealmId());
      var user = session.users().getUserById(changes.realm(), path[1]);
      if (user != null) {
        var now = user.isEnabled() ? SecurityEvent.ACCOUNT_ENABLED : SecurityEvent.ACCOUNT_DISABLED;
        changes.add("enabled " + path[1], Initiator.ADMIN, frame -> frame.account(now, path[1]));
      }
    }
  }

  /** The server logs what a listener throws and goes on: the change must not. */
  private void orNothing(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      session.getTransactionManager().setRollbackOnly();
      throw e;
    }
  }

  private Changes changes(String realmId) {
    RealmModel realm = Objects.requireNonNull(session.realms().getRealm(realmId));
    return Changes.of(session, realm, delivery);
  }

  @Override
  public void close() {}
}
