/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.audit.stock;

import jakarta.persistence.EntityManager;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.keycloak.events.Event;
import org.keycloak.events.jpa.JpaEventStoreProvider;
import org.keycloak.models.KeycloakSession;

/**
 * The server's own event store with a filter for the stored events and with values cut to the
 * length of their columns.
 */
public final class BoundedEventStore extends JpaEventStoreProvider {
  private static final int COLUMN = 255;
  private static final int DETAIL = 1_000;

  private final Predicate<Event> isStored;

  /**
   * Creates the store of one session.
   *
   * @param isStored whether an event is stored; called once for each event
   */
  public BoundedEventStore(
      KeycloakSession session, EntityManager entities, Predicate<Event> isStored) {
    super(session, entities);
    this.isStored = isStored;
  }

  @Override
  public void onEvent(Event event) {
    if (isStored.test(event)) {
      super.onEvent(bounded(event));
    }
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
