/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.audit;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import rowlock.keycloak.budget.Budget;
import rowlock.keycloak.budget.NetworkBudget;

/**
 * Limits the events that anonymous requests can make a realm store, counted over all nodes. Events
 * of an account have budgets of their own, which a flood of requests without an account does not
 * use up.
 */
final class EventBudgets {
  private static final Duration DAY = Duration.ofDays(1);

  private final Pair anonymous;
  private final Pair account;

  private EventBudgets(Pair anonymous, Pair account) {
    this.anonymous = anonymous;
    this.account = account;
  }

  /** Creates budgets for a day. */
  static EventBudgets of(int perAddress, int perRealm) {
    return new EventBudgets(
        Pair.of("stored-event", perAddress, perRealm),
        Pair.of("stored-account-event", perAddress, perRealm));
  }

  /** Takes one event of an address from its budget. */
  boolean take(
      KeycloakSession session, RealmModel realm, @Nullable String address, boolean ofAccount) {
    return (ofAccount ? account : anonymous).take(session, realm, address);
  }

  private record Pair(NetworkBudget network, Budget realm) {
    static Pair of(String name, int perAddress, int perRealm) {
      return new Pair(
          NetworkBudget.of(name + "-address", perAddress, DAY), new Budget(name, perRealm, DAY));
    }

    /**
     * Takes one from both budgets; first from the network's, so that one network cannot use up the
     * realm's.
     */
    boolean take(KeycloakSession session, RealmModel in, @Nullable String address) {
      return network.take(session, in, address).allowed() && realm.take(session, in, "").allowed();
    }
  }
}
