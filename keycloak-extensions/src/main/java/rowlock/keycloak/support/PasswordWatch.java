/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.support;

import java.util.HashSet;
import java.util.Set;
import org.hibernate.event.spi.PostInsertEvent;
import org.hibernate.event.spi.PostInsertEventListener;
import org.hibernate.event.spi.PostUpdateEvent;
import org.hibernate.event.spi.PostUpdateEventListener;
import org.hibernate.persister.entity.EntityPersister;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.models.jpa.entities.CredentialEntity;
import org.keycloak.utils.KeycloakSessionUtil;

/**
 * Records which users get a new password in a transaction. The server has no event for a password
 * that an administrator sets with the user.
 */
public final class PasswordWatch {
  private PasswordWatch() {}

  /** Starts recording. Idempotent: each feature that needs it calls it. */
  public static void start(KeycloakSessionFactory factory) {
    EntityListeners.register(factory, new Watch());
  }

  /** Returns whether the transaction has given the user a new password. */
  public static boolean hasNewPassword(KeycloakSession session, String userId) {
    EntityListeners.flush(session);
    return sawNewPassword(session, userId);
  }

  /**
   * Returns whether the transaction has written a new password of the user, without a flush: for
   * callers that run after the commit.
   */
  public static boolean sawNewPassword(KeycloakSession session, String userId) {
    return Seen.of(session).users.contains(userId);
  }

  private static final class Seen {
    final Set<String> users = new HashSet<>();

    static Seen of(KeycloakSession session) {
      var seen = session.getAttribute(Seen.class.getName(), Seen.class);
      if (seen == null) {
        seen = new Seen();
        session.setAttribute(Seen.class.getName(), seen);
      }
      return seen;
    }
  }

  private static final class Watch implements PostUpdateEventListener, PostInsertEventListener {
    @Override
    public void onPostUpdate(PostUpdateEvent event) {
      see(event.getEntity());
    }

    @Override
    public void onPostInsert(PostInsertEvent event) {
      see(event.getEntity());
    }

    private static void see(Object entity) {
      if (entity instanceof CredentialEntity credential
          && PasswordCredentialModel.TYPE.equals(credential.getType())) {
        var session = KeycloakSessionUtil.getKeycloakSession();
        if (session != null) {
          Seen.of(session).users.add(credential.getUser().getId());
        }
      }
    }

    @Override
    public boolean requiresPostCommitHandling(EntityPersister persister) {
      return false;
    }
  }
}
