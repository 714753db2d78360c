/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which receivers do not answer this node at the moment. No request waits for them; what is for
 * them goes out in the background, one message at a time, until one is answered. Thread-safe.
 */
final class Circuit {
  private final Set<String> open = ConcurrentHashMap.newKeySet();

  /** Whether the receiver has not answered the last attempt. */
  boolean isOpen(String receiver) {
    return open.contains(receiver);
  }

  /**
   * The receiver answered.
   *
   * @return whether it had not before
   */
  boolean answered(String receiver) {
    return open.remove(receiver);
  }

  /** The receiver did not answer. */
  void failed(String receiver) {
    open.add(receiver);
  }
}
