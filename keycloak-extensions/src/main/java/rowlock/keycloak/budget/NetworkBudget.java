/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.budget;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import rowlock.keycloak.budget.Budget.Decision;

/**
 * A budget for each client address: an IPv4 address or an IPv6 network (/64). A whole IPv6 site
 * (/48), which anybody can have for nothing, has ten times as much, so that its 65,536 networks are
 * ten and not 65,536. Thread-safe.
 *
 * @param network the budget of one address or network
 * @param site the budget of a site
 */
public record NetworkBudget(Budget network, Budget site) {
  private static final int NETWORKS_OF_A_SITE = 10;

  /**
   * For each address so many tries in a window.
   *
   * @param name of the budget, at most 28 characters
   */
  public static NetworkBudget of(String name, int limit, Duration window) {
    return new NetworkBudget(
        new Budget(name, limit, window),
        new Budget(name + "-48", limit * NETWORKS_OF_A_SITE, window));
  }

  /**
   * Takes one, if there is one left.
   *
   * @param address as {@link ClientNetwork#of} takes it
   */
  public Decision take(KeycloakSession session, RealmModel realm, @Nullable String address) {
    var decision = network.take(session, realm, ClientNetwork.of(address));
    var key = ClientNetwork.siteOf(address);
    return decision.allowed() && key.isPresent() ? site.take(session, realm, key.get()) : decision;
  }

  /** Whether there is one left; takes nothing. */
  public Decision look(KeycloakSession session, RealmModel realm, @Nullable String address) {
    var decision = network.look(session, realm, ClientNetwork.of(address));
    var key = ClientNetwork.siteOf(address);
    return decision.allowed() && key.isPresent() ? site.look(session, realm, key.get()) : decision;
  }

  /**
   * Whether an address has one left for a purpose of its own; takes nothing.
   *
   * @param purpose a client id for example; each has its own count
   */
  public Decision look(
      KeycloakSession session, RealmModel realm, @Nullable String address, String purpose) {
    var decision = network.look(session, realm, key(ClientNetwork.of(address), purpose));
    var siteKey = ClientNetwork.siteOf(address).map(key -> key(key, purpose));
    return decision.allowed() && siteKey.isPresent()
        ? site.look(session, realm, siteKey.get())
        : decision;
  }

  /** Takes one for a purpose of its own, whether there is one left or not. */
  public void charge(
      KeycloakSession session, RealmModel realm, @Nullable String address, String purpose) {
    network.charge(session, realm, key(ClientNetwork.of(address), purpose));
    ClientNetwork.siteOf(address).ifPresent(key -> site.charge(session, realm, key(key, purpose)));
  }

  private static String key(String network, String purpose) {
    return network + "\n" + purpose;
  }

  /** Takes one, whether there is one left or not, as {@link Budget#charge} does. */
  public void charge(KeycloakSession session, RealmModel realm, @Nullable String address) {
    network.charge(session, realm, ClientNetwork.of(address));
    ClientNetwork.siteOf(address).ifPresent(key -> site.charge(session, realm, key));
  }

  /** Gives one back that was taken. */
  public void giveBack(KeycloakSession session, RealmModel realm, @Nullable String address) {
    network.giveBack(session, realm, ClientNetwork.of(address));
    ClientNetwork.siteOf(address).ifPresent(key -> site.giveBack(session, realm, key));
  }
}
