/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;

/**
 * A refresh request to which a policy applies, passed from the executor to the provider.
 *
 * @param rules of the policy
 * @param at arrival of the request, in milliseconds since 1970
 */
record RotationContext(RotationRules rules, long at) {
  private static final String ATTRIBUTE = RotationContext.class.getName();

  /** Maximum time by which a queued request is backdated. */
  private static final long MAX_BACKDATING_MILLIS = 30_000;

  /**
   * Returns the arrival time of a request for the grace window, given the start of its family's
   * queue. A burst may have more requests than the server has threads: the last ones wait outside
   * the server, and start after the window although they were sent within it. As long as the queue
   * is not empty, they count as arrived at its start. An attacker gains nothing: only requests that
   * were queued, and answered, within the window keep the queue from being empty.
   */
  long effectiveArrival(long busySince) {
    return Math.min(at, Math.max(busySince, at - MAX_BACKDATING_MILLIS));
  }

  /** Stores the request in the session. If several policies apply, the last one wins. */
  void put(KeycloakSession session) {
    session.setAttribute(ATTRIBUTE, this);
  }

  static @Nullable RotationContext of(KeycloakSession session) {
    return session.getAttribute(ATTRIBUTE, RotationContext.class);
  }
}
