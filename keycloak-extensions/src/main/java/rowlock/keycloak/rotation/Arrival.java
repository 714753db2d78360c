/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;

/**
 * A refresh request of a client that a policy applies to, from the executor to the provider.
 *
 * @param rules of the policy
 * @param at when it came in, in milliseconds since 1970
 */
record Arrival(RotationRules rules, long at) {
  private static final String ATTRIBUTE = Arrival.class.getName();

  /** How much longer a window may seem to be because of a line. */
  private static final long LONGEST_LINE = 30_000;

  /**
   * When the request counts as come in, if it is part of a line of requests of its family. A burst
   * may have more requests than the server has threads: the last ones then wait where nobody sees
   * them, and are taken up when the window is over although they were sent before. While the line
   * has not ended, they count as come with it. A thief gains nothing: to keep the line going, he
   * must have been in it, and answered, inside the window.
   */
  long inLineSince(long busySince) {
    return Math.min(at, Math.max(busySince, at - LONGEST_LINE));
  }

  /** If several policies apply, the last one holds. */
  void put(KeycloakSession session) {
    session.setAttribute(ATTRIBUTE, this);
  }

  static @Nullable Arrival of(KeycloakSession session) {
    return session.getAttribute(ATTRIBUTE, Arrival.class);
  }
}
