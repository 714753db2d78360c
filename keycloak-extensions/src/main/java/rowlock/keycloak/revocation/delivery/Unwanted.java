/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tells a message that a receiver cannot take from a receiver that takes nothing: it has taken
 * others since it failed at this one. Such a message waits by itself, and no request goes without
 * its push because of it. What this node has seen; thread-safe.
 */
final class Unwanted {
  /** Of messages that failed; who is forgotten has to fail twice again. */
  private static final int MOST = 10_000;

  private static final long FOR_GOOD = -1;

  /** How many a receiver has taken. */
  private final Map<String, Long> taken = new HashMap<>();

  /** How many its receiver had taken when a message failed. */
  private final Map<String, Long> failed =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MOST;
        }
      };

  /** The receiver has taken the message. */
  synchronized void taken(String receiver, String message) {
    taken.merge(receiver, 1L, Long::sum);
    failed.remove(message);
  }

  /**
   * The receiver has failed at the message.
   *
   * @param tookOthers whether it has taken others that were sent at the same time
   * @return whether that is because of the message. Once it is, it stays so until it is taken
   */
  synchronized boolean isIt(String receiver, String message, boolean tookOthers) {
    var now = taken.getOrDefault(receiver, 0L);
    var then = failed.getOrDefault(message, now);
    var isIt = tookOthers || then == FOR_GOOD || then < now;
    failed.put(message, isIt ? FOR_GOOD : now);
    return isIt;
  }
}
