/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.budget;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import rowlock.keycloak.budget.Budget.Decision;

/**
 * A budget for each peer address: an IPv4 address or an IPv6 network (/64). An IPv6 site (/48),
 * which is easily obtained, has ten times as much, so that its 65,536 networks together have the
 * budget of ten. Thread-safe.
 *
 * @param network the budget of one address or network
 * @param site the budget of a site
 */
public record NetworkBudget(Budget network, Budget site) {
  private static final int NETWORKS_OF_A_SITE = 10;

  /**
   * Creates a budget with this limit for each address.
   *
   * @param name of the budget, at most 28 characters
   */
  public static NetworkBudget of(String name, int limit, Duration window) {
    return new NetworkBudget(
        new Budget(name, limit, window),
        new Budget(name + "-48", limit * NETWORKS_OF_A_SITE, window));
  }

  /**
   * Takes one use, if one is left.
   *
   * @param address as {@link ClientNetwork#of} takes it
   */
  public Decision take(KeycloakSession session, RealmModel realm, @Nullable String address) {
    var decision = network.take(session, realm, ClientNetwork.of(address));
    var key = ClientNetwork.siteOf(address);
    return decision.allowed() && key != null ? site.take(session, realm, key) : decision;
  }

  /** Returns whether a use is left; takes none. */
  public Decision look(KeycloakSession session, RealmModel realm, @Nullable String address) {
    var decision = network.look(session, realm, ClientNetwork.of(address));
    var key = ClientNetwork.siteOf(address);
    return decision.allowed() && key != null ? site.look(session, realm, key) : decision;
  }

  /**
   * Returns whether an address has a use left for a purpose; takes none.
   *
   * @param purpose has a count of its own, a client id for example
   */
  public Decision look(
      KeycloakSession session, RealmModel realm, @Nullable String address, String purpose) {
    var decision = network.look(session, realm, key(ClientNetwork.of(address), purpose));
    var key = ClientNetwork.siteOf(address);
    return decision.allowed() && key != null
        ? site.look(session, realm, key(key, purpose))
        : decision;
  }

  /** Takes one use for a purpose even if none is left. */
  public void charge(
      KeycloakSession session, RealmModel realm, @Nullable String address, String purpose) {
    network.charge(session, realm, key(ClientNetwork.of(address), purpose));
    var key = ClientNetwork.siteOf(address);
    if (key != null) {
      site.charge(session, realm, key(key, purpose));
    }
  }

  private static String key(String network, String purpose) {
    return network + "\n" + purpose;
  }

  /** Takes one use even if none is left, as {@link Budget#charge} does. */
  public void charge(KeycloakSession session, RealmModel realm, @Nullable String address) {
    network.charge(session, realm, ClientNetwork.of(address));
    var key = ClientNetwork.siteOf(address);
    if (key != null) {
      site.charge(session, realm, key);
    }
  }

  /** Returns a use to the budget. */
  public void giveBack(KeycloakSession session, RealmModel realm, @Nullable String address) {
    network.giveBack(session, realm, ClientNetwork.of(address));
    var key = ClientNetwork.siteOf(address);
    if (key != null) {
      site.giveBack(session, realm, key);
    }
  }
}
