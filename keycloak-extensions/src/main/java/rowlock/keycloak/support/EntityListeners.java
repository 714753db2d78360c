/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.support;

import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.event.spi.EventType;
import org.hibernate.event.spi.PostInsertEventListener;
import org.hibernate.event.spi.PostUpdateEventListener;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.KeycloakModelUtils;

/** Listeners on the entities of the server, for changes that the server reports no event for. */
public final class EntityListeners {
  private EntityListeners() {}

  /**
   * Registers a listener for the life of the server; without effect if one of its class is
   * registered already.
   */
  public static <T extends PostInsertEventListener & PostUpdateEventListener> void register(
      KeycloakSessionFactory factory, T listener) {
    KeycloakModelUtils.runJobInTransaction(
        factory,
        session -> {
          var listeners =
              session
                  .getProvider(JpaConnectionProvider.class)
                  .getEntityManager()
                  .getEntityManagerFactory()
                  .unwrap(SessionFactoryImplementor.class)
                  .getEventEngine()
                  .getListenerRegistry();
          for (var other : listeners.getEventListenerGroup(EventType.POST_INSERT).listeners()) {
            if (other.getClass().equals(listener.getClass())) {
              return;
            }
          }
          listeners.appendListeners(EventType.POST_UPDATE, listener);
          listeners.appendListeners(EventType.POST_INSERT, listener);
        });
  }

  /** Writes what the transaction has changed so far, so that the listeners are called for it. */
  public static void flush(KeycloakSession session) {
    session.getProvider(JpaConnectionProvider.class).getEntityManager().flush();
  }
}
