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

  /** If several policies apply, the last one holds. */
  void put(KeycloakSession session) {
    session.setAttribute(ATTRIBUTE, this);
  }

  static @Nullable Arrival of(KeycloakSession session) {
    return session.getAttribute(ATTRIBUTE, Arrival.class);
  }
}
