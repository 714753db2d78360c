/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation.stock;

import jakarta.ws.rs.ClientErrorException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.infinispan.Cache;
import org.infinispan.commons.CacheException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.keycloak.connections.infinispan.InfinispanConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.sessions.infinispan.InfinispanSingleUseObjectProvider;
import org.keycloak.models.sessions.infinispan.entities.SingleUseObjectValueEntity;

/**
 * A lock on a family of refresh tokens in the cluster, with the name of the node that has it. It
 * goes around the server's own, which has none: when its node is killed, that lies there for a
 * minute, in which the person whose refresh it was gets no new token, and in the worst case counts
 * as a thief afterwards. This one is taken over from a node that has left the cluster, and whoever
 * has it finds the server's free.
 */
final class FamilyLock {
  private static final Logger LOG = Logger.getLogger(FamilyLock.class);
  private static final String NODE = "node";

  /** RFC 6585 §4. */
  private static final int TOO_MANY_REQUESTS = 429;

  /** The same as the server's. */
  private static final long LIFE_SECONDS = 60;

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final Cache<String, SingleUseObjectValueEntity> locks;
  private final String family;
  private final SingleUseObjectValueEntity own;

  private FamilyLock(Cache<String, SingleUseObjectValueEntity> locks, String family) {
    this.locks = locks;
    this.family = family;
    var self = locks.getCacheManager().getAddress().getNodeUUID().toString();
    this.own = new SingleUseObjectValueEntity(Map.of(NODE, self));
  }

  /**
   * Of a family of which nobody else on this node refreshes now; null where the server's lock goes
   * with the node that has taken it.
   */
  static @Nullable FamilyLock of(KeycloakSession session, String sessionId, String familyId) {
    if (!(session.singleUseObjects() instanceof InfinispanSingleUseObjectProvider)) {
      return null;
    }
    Cache<String, SingleUseObjectValueEntity> locks =
        session
            .getProvider(InfinispanConnectionProvider.class)
            .getCache(InfinispanConnectionProvider.ACTION_TOKEN_CACHE);
    return locks.getCacheConfiguration().clustering().cacheMode().isClustered()
        ? new FamilyLock(locks, sessionId + ":" + familyId)
        : null;
  }

  /**
   * Takes it, from a dead node if need be, and waits while a living one has it.
   *
   * @throws ClientErrorException with 429, if that takes too long
   */
  void take() {
    var end = System.nanoTime() + LONGEST_WAIT.toNanos();
    while (!isTaken()) {
      if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
        throw new ClientErrorException(
            "Too many refreshes of one token at once", TOO_MANY_REQUESTS);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private boolean isTaken() {
    try {
      var present = locks.putIfAbsent(key(), own, LIFE_SECONDS, TimeUnit.SECONDS);
      // it may be this node's from before, if the cluster changed while it was put or removed
      if (present != null && !present.equals(own) && !isTakenOver(present)) {
        return false;
      }
      // whoever has the server's without this one is gone
      var servers = "refreshLock:" + family;
      if (locks.containsKey(servers)) {
        locks.remove(servers);
      }
      return true;
    } catch (CacheException e) {
      LOG.debug("The cluster is changing", e);
      return false;
    }
  }

  /** This very one: another node may be quicker, and have its own by now. */
  private boolean isTakenOver(SingleUseObjectValueEntity present) {
    var node = present.getNote(NODE);
    if (isThere(node) || !locks.replace(key(), present, own, LIFE_SECONDS, TimeUnit.SECONDS)) {
      return false;
    }
    LOG.infof("Took a refresh lock over from the node %s, which is gone.", node);
    return true;
  }

  /** After the server's own is free, or will not be taken. */
  void release() {
    try {
      locks.remove(key(), own);
    } catch (CacheException e) {
      // this node's next refresh of the family finds it its own; others wait for the minute
      LOG.debug("The cluster is changing", e);
    }
  }

  private String key() {
    return "rowlock.refresh:" + family;
  }

  private boolean isThere(@Nullable String node) {
    return locks.getCacheManager().getMembers().stream()
        .anyMatch(member -> member.getNodeUUID().toString().equals(node));
  }
}
