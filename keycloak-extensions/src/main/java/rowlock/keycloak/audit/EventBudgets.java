/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.audit;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import rowlock.keycloak.budget.Budget;
import rowlock.keycloak.budget.NetworkBudget;

/**
 * How many events that anonymous requests can cause a realm stores, counted over all nodes.
 *
 * @param network for each address
 * @param realm for all addresses together
 */
record EventBudgets(NetworkBudget network, Budget realm) {
  private static final Duration DAY = Duration.ofDays(1);

  /** Budgets for a day. */
  static EventBudgets of(int perAddress, int perRealm) {
    return new EventBudgets(
        NetworkBudget.of("stored-event-address", perAddress, DAY),
        new Budget("stored-event", perRealm, DAY));
  }

  /** Takes one from both; the network's first, so that one network cannot use up the realm's. */
  boolean take(KeycloakSession session, RealmModel realm, @Nullable String address) {
    return network.take(session, realm, address).allowed()
        && this.realm.take(session, realm, "").allowed();
  }
}
