/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.stock;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.hibernate.event.spi.EventSource;
import org.hibernate.event.spi.PostInsertEvent;
import org.hibernate.event.spi.PostInsertEventListener;
import org.hibernate.event.spi.PostUpdateEvent;
import org.hibernate.event.spi.PostUpdateEventListener;
import org.hibernate.persister.entity.EntityPersister;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.jpa.entities.UserEntity;
import org.keycloak.utils.KeycloakSessionUtil;
import rowlock.keycloak.support.EntityListeners;

/**
 * Detects accounts that are disabled or enabled when they are written to the database. Keycloak has
 * no event for that: an admin event does not name what was changed, and workflows and other
 * services have no event at all.
 */
public final class AccountWatch {
  private AccountWatch() {}

  /**
   * An account that was switched.
   *
   * @param realmId of its realm
   * @param userId of its owner
   * @param enabled what it is now
   */
  public record Switched(String realmId, String userId, boolean enabled) {}

  /** The changes of one transaction that were written so far. */
  private static final class Seen {
    final Map<String, Switched> switched = new LinkedHashMap<>();
    final Set<String> created = new HashSet<>();
    boolean hasCallback;

    static Seen of(KeycloakSession session) {
      var seen = session.getAttribute(Seen.class.getName(), Seen.class);
      if (seen == null) {
        seen = new Seen();
        session.setAttribute(Seen.class.getName(), seen);
      }
      return seen;
    }

    List<Switched> takeSwitched() {
      var taken = List.copyOf(switched.values());
      switched.clear();
      return taken;
    }
  }

  /**
   * Starts to watch.
   *
   * @param late gets the accounts that {@link #takeSwitched} did not return, before the commit
   */
  public static void start(
      KeycloakSessionFactory factory, BiConsumer<KeycloakSession, List<Switched>> late) {
    EntityListeners.register(factory, new Watch(late));
  }

  /** Returns the accounts that the transaction has switched, once. The caller reports them. */
  public static List<Switched> takeSwitched(KeycloakSession session) {
    EntityListeners.flush(session);
    return Seen.of(session).takeSwitched();
  }

  private static final class Watch implements PostUpdateEventListener, PostInsertEventListener {
    private final transient BiConsumer<KeycloakSession, List<Switched>> late;

    Watch(BiConsumer<KeycloakSession, List<Switched>> late) {
      this.late = late;
    }

    @Override
    public void onPostUpdate(PostUpdateEvent event) {
      if (event.getEntity() instanceof UserEntity user && isDirty(event, "enabled")) {
        see(user, event.getSession().asEventSource());
      }
    }

    @Override
    public void onPostInsert(PostInsertEvent event) {
      if (event.getEntity() instanceof UserEntity user) {
        var session = KeycloakSessionUtil.getKeycloakSession();
        if (session != null) {
          // a new account is written disabled and then enabled, which is no change
          Seen.of(session).created.add(user.getId());
        }
      }
    }

    private void see(UserEntity user, EventSource entities) {
      var session = KeycloakSessionUtil.getKeycloakSession();
      if (session == null) {
        return;
      }
      var seen = Seen.of(session);
      if (seen.created.contains(user.getId())) {
        return;
      }
      seen.switched.put(
          user.getId(), new Switched(user.getRealmId(), user.getId(), user.isEnabled()));
      if (!seen.hasCallback) {
        seen.hasCallback = true;
        // no query can run during a flush
        entities
            .getActionQueue()
            .registerCallback(
                ignored -> {
                  var left = new ArrayList<>(seen.takeSwitched());
                  if (!left.isEmpty()) {
                    late.accept(session, left);
                  }
                });
      }
    }

    private static boolean isDirty(PostUpdateEvent event, String property) {
      var names = event.getPersister().getPropertyNames();
      var dirty = event.getDirtyProperties();
      return dirty != null && Arrays.stream(dirty).anyMatch(i -> names[i].equals(property));
    }

    @Override
    public boolean requiresPostCommitHandling(EntityPersister persister) {
      return false;
    }
  }
}
