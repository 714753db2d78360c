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
 * A cluster-wide lock on a token family that records its node. Wraps the server's own lock, which
 * survives a crash of its node for 60 s; refreshes of the family fail meanwhile, and may be treated
 * as reuse afterwards. This lock can be taken over from a node that has left the cluster; its
 * holder then removes a stale lock of the server.
 */
final class TokenFamilyLock {
  private static final Logger log = Logger.getLogger(TokenFamilyLock.class);
  private static final String NODE = "node";

  /** RFC 6585 §4. */
  private static final int TOO_MANY_REQUESTS = 429;

  /** Equals that of the server's lock. */
  private static final long LIFE_SECONDS = 60;

  private static final Duration MAX_WAIT = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final Cache<String, SingleUseObjectValueEntity> locks;
  private final String family;
  private final SingleUseObjectValueEntity own;

  private TokenFamilyLock(Cache<String, SingleUseObjectValueEntity> locks, String family) {
    this.locks = locks;
    this.family = family;
    var self = locks.getCacheManager().getAddress().getNodeUUID().toString();
    this.own = new SingleUseObjectValueEntity(Map.of(NODE, self));
  }

  /**
   * Returns the lock of a family; null where the server's lock ends with its node. The caller
   * ensures that no other request on this node holds it.
   */
  static @Nullable TokenFamilyLock of(KeycloakSession session, String sessionId, String familyId) {
    if (!(session.singleUseObjects() instanceof InfinispanSingleUseObjectProvider)) {
      return null;
    }
    Cache<String, SingleUseObjectValueEntity> locks =
        session
            .getProvider(InfinispanConnectionProvider.class)
            .getCache(InfinispanConnectionProvider.ACTION_TOKEN_CACHE);
    return locks.getCacheConfiguration().clustering().cacheMode().isClustered()
        ? new TokenFamilyLock(locks, sessionId + ":" + familyId)
        : null;
  }

  /**
   * Takes the lock, from a dead node if need be; waits while a live node holds it.
   *
   * @throws ClientErrorException with 429, if that takes too long
   */
  void take() {
    var end = System.nanoTime() + MAX_WAIT.toNanos();
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
      // may be a stale entry of this node, if the cluster changed while it was written or removed
      if (present != null && !present.equals(own) && !isTakenOver(present)) {
        return false;
      }
      // a holder of the server's lock without this one has crashed
      var servers = "refreshLock:" + family;
      if (locks.containsKey(servers)) {
        locks.remove(servers);
      }
      return true;
    } catch (CacheException e) {
      log.debug("Taking the refresh lock failed during a cluster change; retrying", e);
      return false;
    }
  }

  /** Takes over exactly this entry: another node may be faster, and hold its own by now. */
  private boolean isTakenOver(SingleUseObjectValueEntity present) {
    var node = present.getNote(NODE);
    if (isMember(node) || !locks.replace(key(), present, own, LIFE_SECONDS, TimeUnit.SECONDS)) {
      return false;
    }
    log.infof("Took over a refresh lock from node=%s, which has left the cluster", node);
    return true;
  }

  /** Releases the lock. Called after the server's own is released, or will not be taken. */
  void release() {
    try {
      locks.remove(key(), own);
    } catch (CacheException e) {
      // the next refresh of the family on this node finds its own entry; other nodes wait for its
      // expiry
      log.debug("Releasing the refresh lock failed during a cluster change", e);
    }
  }

  private String key() {
    return "rowlock.refresh:" + family;
  }

  private boolean isMember(@Nullable String node) {
    return locks.getCacheManager().getMembers().stream()
        .anyMatch(member -> member.getNodeUUID().toString().equals(node));
  }
}
