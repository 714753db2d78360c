/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.budget;

import io.micrometer.core.instrument.Metrics;
import java.time.Duration;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/**
 * So many tries in a time, for each key: {@code limit} at once, and after that one each {@code
 * window / limit} (the generic cell rate algorithm, which a leaky bucket is too). Over any stretch
 * as long as the window that is less than twice the limit, in the long run the limit.
 *
 * <p>Counted in Keycloak's database by the database's clock, one statement for each use, in a
 * transaction of its own: what was taken stays taken when the request fails. A realm has at most
 * {@link Slots#COUNT} rows for each budget, however many keys there are.
 *
 * <p>Thread-safe. Needs PostgreSQL.
 *
 * @param name of the budget, the same on every node and for good; at most 32 characters
 * @param limit how many at once, and in each window
 * @param window in which the limit comes back in full
 */
public record Budget(String name, int limit, Duration window) {
  private static final int LONGEST_NAME = 32;
  private static final long MICROS = 1_000_000;

  /** Refuses what cannot be meant. */
  public Budget {
    if (name.isBlank() || name.length() > LONGEST_NAME) {
      throw new IllegalArgumentException("A budget's name has 1 to 32 characters");
    }
    if (limit < 1 || window.compareTo(Duration.ofMillis(limit)) < 0) {
      throw new IllegalArgumentException("A budget is at least 1, and at most 1 a millisecond");
    }
  }

  /**
   * Takes one from the budget of a key, if there is one left.
   *
   * @param key whose budget it is, {@link ClientNetwork#of} for example; stored as a slot only
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

  /** Whether there is one left; takes nothing. */
  public Decision look(KeycloakSession session, RealmModel realm, String key) {
    return run(session, realm, key, BudgetTable::look);
  }

  /** Gives one back that was taken: for what turned out well, a right password for example. */
  public void giveBack(KeycloakSession session, RealmModel realm, String key) {
    run(session, realm, key, BudgetTable::giveBack);
  }

  /** Makes the budget of a key full again. */
  public void reset(KeycloakSession session, RealmModel realm, String key) {
    run(session, realm, key, BudgetTable::reset);
  }

  /** Makes the budgets of all keys of a realm full again. */
  public void resetAll(KeycloakSession session, RealmModel realm) {
    KeycloakModelUtils.runJobInTransaction(
        session.getKeycloakSessionFactory(),
        own ->
            new BudgetTable(own.getProvider(JpaConnectionProvider.class).getEntityManager())
                .resetAll(realm.getId(), name));
  }

  /**
   * Takes one, whether there is one left or not: for what can only be known to count when it has
   * happened, after a {@link #look}. What more than the limit was taken, by requests that looked at
   * the same time, has to come back as well before there is one again; at most a quarter of a
   * window's, so that a burst keeps nobody out for long.
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
    var slot = Slots.slotOf(session, realm, name, key);
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
   * What a budget says.
   *
   * @param allowed whether one was taken, or could be
   * @param retryAfter when not: how long until there is one again; else zero
   */
  public record Decision(boolean allowed, Duration retryAfter) {
    static final Decision ALLOWED = new Decision(true, Duration.ZERO);

    static Decision refused(long micros) {
      return new Decision(false, Duration.ofNanos(Math.max(micros, 1) * 1_000));
    }

    /** For the header {@code Retry-After} (RFC 9110 §10.2.3): whole seconds, at least one. */
    public long retryAfterSeconds() {
      return retryAfter.plusNanos(999_999_999).toSeconds();
    }
  }
}
