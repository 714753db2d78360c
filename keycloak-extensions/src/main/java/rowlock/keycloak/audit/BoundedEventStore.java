/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.audit;

import jakarta.persistence.EntityManager;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keycloak.events.Event;
import org.keycloak.events.jpa.JpaEventStoreProvider;
import org.keycloak.models.KeycloakSession;

/**
 * The server's own event store, except that events which anonymous requests can cause are stored
 * within {@link EventBudgets} only, and no value of an event is longer than its column. Events of
 * an account that succeed are always stored.
 */
final class BoundedEventStore extends JpaEventStoreProvider {
  private static final int COLUMN = 255;
  private static final int DETAIL = 1_000;

  private final KeycloakSession session;
  private final EventBudgets budgets;

  BoundedEventStore(KeycloakSession session, EntityManager entities, EventBudgets budgets) {
    super(session, entities);
    this.session = session;
    this.budgets = budgets;
  }

  @Override
  public void onEvent(Event event) {
    if (!Anonymous.canCause(event) || isWithinBudget(event)) {
      super.onEvent(bounded(event));
    }
  }

  private boolean isWithinBudget(Event event) {
    var realm = session.realms().getRealm(event.getRealmId());
    return realm == null
        || budgets.take(session, realm, event.getIpAddress(), event.getUserId() != null);
  }

  private static Event bounded(Event event) {
    var stored = event.clone();
    stored.setClientId(cut(event.getClientId(), COLUMN));
    stored.setSessionId(cut(event.getSessionId(), COLUMN));
    stored.setIpAddress(cut(event.getIpAddress(), COLUMN));
    stored.setError(cut(event.getError(), COLUMN));
    if (event.getDetails() != null) {
      Map<String, String> details = new HashMap<>();
      event.getDetails().forEach((name, value) -> details.put(name, cut(value, DETAIL)));
      stored.setDetails(details);
    }
    return stored;
  }

  private static @Nullable String cut(@Nullable String text, int length) {
    return text == null || text.length() <= length ? text : text.substring(0, length);
  }
}
