/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.budget;

import io.micrometer.core.instrument.Metrics;
import java.time.Duration;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/**
 * Rate limit for each key: {@code limit} uses at once, then one each {@code window / limit} (the
 * generic cell rate algorithm, a leaky bucket). Any period as long as the window has less than
 * twice the limit, and the long-term rate is the limit.
 *
 * <p>Counted in Keycloak's database by the database's clock, with one statement for each use, in a
 * transaction of its own: a use stays counted if the request fails. A realm has at most {@link
 * BudgetSlots#COUNT} rows for each budget, regardless of the number of keys.
 *
 * <p>Thread-safe. Requires PostgreSQL.
 *
 * @param name of the budget, the same on every node and in every version; at most 32 characters
 * @param limit uses at once, and in each window
 * @param window time in which the full limit is restored
 */
public record Budget(String name, int limit, Duration window) {
  private static final int MAX_NAME_LENGTH = 32;
  private static final long MICROS = 1_000_000;

  /** Rejects invalid values. */
  public Budget {
    if (name.isBlank() || name.length() > MAX_NAME_LENGTH) {
      throw new IllegalArgumentException("A budget's name has 1 to 32 characters");
    }
    if (limit < 1 || window.compareTo(Duration.ofMillis(limit)) < 0) {
      throw new IllegalArgumentException("A budget is at least 1, and at most 1 a millisecond");
    }
  }

  /**
   * Takes one use from the budget of a key, if one is left.
   *
   * @param key owner of the budget, {@link ClientNetwork#of} for example; stored as a slot only
   */
  public Decision take(KeycloakSession session, RealmModel realm, String key) {
    var decision = run(session, realm, key, BudgetTable::take);
    Metrics.counter(
            "rowlock.budget",
            "budget",
            name,
            "realm",
            realm.getName(),
            "outcome",
            decision.allowed() ? "taken" : "refused")
        .increment();
    return decision;
  }

  /** Returns whether a use is left; takes none. */
  public Decision look(KeycloakSession session, RealmModel realm, String key) {
    return run(session, realm, key, BudgetTable::look);
  }

  /** Returns a use to the budget, for example after a correct password. */
  public void giveBack(KeycloakSession session, RealmModel realm, String key) {
    run(session, realm, key, BudgetTable::giveBack);
  }

  /** Restores the full budget of a key. */
  public void reset(KeycloakSession session, RealmModel realm, String key) {
    run(session, realm, key, BudgetTable::reset);
  }

  /** Restores the full budgets of all keys of a realm. */
  public void resetAll(KeycloakSession session, RealmModel realm) {
    KeycloakModelUtils.runJobInTransaction(
        session.getKeycloakSessionFactory(),
        own ->
            new BudgetTable(own.getProvider(JpaConnectionProvider.class).getEntityManager())
                .resetAll(realm.getId(), name));
  }

  /**
   * Takes one use even if none is left: for uses that count only after they have happened, after a
   * {@link #look}. Uses beyond the limit, by requests that looked at the same time, delay the next
   * allowed use; at most by a quarter of a window, so that the delay after a burst is bounded.
   */
  public void charge(KeycloakSession session, RealmModel realm, String key) {
    run(session, realm, key, BudgetTable::charge);
    Metrics.counter(
            "rowlock.budget", "budget", name, "realm", realm.getName(), "outcome", "charged")
        .increment();
  }

  long intervalMicros() {
    return windowMicros() / limit;
  }

  long windowMicros() {
    return window.toSeconds() * MICROS + window.toNanosPart() / 1_000;
  }

  private <T> T run(KeycloakSession session, RealmModel realm, String key, Statement<T> statement) {
    var slot = BudgetSlots.slotOf(session, realm, name, key);
    return KeycloakModelUtils.runJobInTransactionWithResult(
        session.getKeycloakSessionFactory(),
        own -> {
          var entities = own.getProvider(JpaConnectionProvider.class).getEntityManager();
          return statement.run(
              new BudgetTable(entities), new Slot(realm.getId(), name, slot), this);
        });
  }

  /** One row. */
  record Slot(String realmId, String name, int number) {}

  private interface Statement<T> {
    T run(BudgetTable table, Slot slot, Budget budget);
  }

  /**
   * The decision of a budget.
   *
   * @param allowed whether a use was taken, or is left
   * @param retryAfter time until a use is available; zero if allowed
   */
  public record Decision(boolean allowed, Duration retryAfter) {
    static final Decision ALLOWED = new Decision(true, Duration.ZERO);

    static Decision refused(long micros) {
      return new Decision(false, Duration.ofNanos(Math.max(micros, 1) * 1_000));
    }

    /**
     * Returns the value of the header {@code Retry-After} (RFC 9110 §10.2.3): whole seconds, at
     * least one.
     */
    public long retryAfterSeconds() {
      return retryAfter.plusNanos(999_999_999).toSeconds();
    }
  }
}
