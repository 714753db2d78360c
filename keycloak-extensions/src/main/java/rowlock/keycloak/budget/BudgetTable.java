/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.budget;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import rowlock.keycloak.budget.Budget.Decision;
import rowlock.keycloak.budget.Budget.Slot;

/**
 * SQL of the budgets. A row holds one number: the theoretical arrival time in microseconds since
 * 1970, at which a key that keeps to its rate would make its next use. A row whose time has passed
 * is equivalent to no row. All times are the database's, so the nodes' clocks do not matter.
 */
final class BudgetTable {
  private static final String TAKE =
      """
      with clock as materialized (
        select cast(extract(epoch from clock_timestamp()) * 1000000 as bigint) as now
      ), taken as (
        insert into {h-schema}rowlock_budget as b (realm_id, name, slot, tat)
        select :realm, :name, :slot, now + :interval from clock
        on conflict (realm_id, name, slot) do update
          set tat = greatest(b.tat, excluded.tat - :interval) + :interval
          where greatest(b.tat, excluded.tat - :interval) + :interval <= excluded.tat - :interval + :window
        returning tat
      )
      select cast(0 as bigint) from taken
      union all
      select b.tat + :interval - :window - now from {h-schema}rowlock_budget b, clock
        where b.realm_id = :realm and b.name = :name and b.slot = :slot
          and not exists (select 1 from taken)
      """;

  private static final String LOOK =
      """
      select tat + :interval - :window - cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)
      from {h-schema}rowlock_budget where realm_id = :realm and name = :name and slot = :slot
      """;

  private static final String CHARGE =
      """
      insert into {h-schema}rowlock_budget as b (realm_id, name, slot, tat)
      select :realm, :name, :slot, now + :interval
      from (select cast(extract(epoch from clock_timestamp()) * 1000000 as bigint) as now) clock
      on conflict (realm_id, name, slot) do update
        set tat = least(
          greatest(b.tat, excluded.tat - :interval) + :interval,
          excluded.tat - :interval + :window + :debt)
      """;

  private static final String GIVE_BACK =
      """
      update {h-schema}rowlock_budget set tat = tat - :interval
      where realm_id = :realm and name = :name and slot = :slot
      """;

  private static final String RESET =
      """
      delete from {h-schema}rowlock_budget
      where realm_id = :realm and name = :name and slot = :slot
      """;

  private static final String RESET_ALL =
      """
      delete from {h-schema}rowlock_budget where realm_id = :realm and name = :name
      """;

  private static final String PRUNE =
      """
      delete from {h-schema}rowlock_budget
      where tat < cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)
      """;

  /** Divisor of the window: the upper bound of the debt. */
  private static final int MAX_DEBT_DIVISOR = 4;

  private final EntityManager entities;

  BudgetTable(EntityManager entities) {
    this.entities = entities;
  }

  Decision take(Slot slot, Budget budget) {
    var waits = withWindow(TAKE, slot, budget).getResultList();
    if (waits.isEmpty()) {
      // refused by a row that was committed after this statement's snapshot
      return Decision.refused(budget.intervalMicros());
    }
    var wait = ((Number) waits.get(0)).longValue();
    return wait == 0 ? Decision.ALLOWED : Decision.refused(wait);
  }

  Decision look(Slot slot, Budget budget) {
    var waits = withWindow(LOOK, slot, budget).getResultList();
    var wait = waits.isEmpty() ? 0 : ((Number) waits.get(0)).longValue();
    return wait <= 0 ? Decision.ALLOWED : Decision.refused(wait);
  }

  boolean charge(Slot slot, Budget budget) {
    return withWindow(CHARGE, slot, budget)
            .setParameter("debt", budget.windowMicros() / MAX_DEBT_DIVISOR)
            .executeUpdate()
        > 0;
  }

  boolean giveBack(Slot slot, Budget budget) {
    return with(GIVE_BACK, slot, budget).executeUpdate() > 0;
  }

  boolean reset(Slot slot, Budget ignored) {
    return entities
            .createNativeQuery(RESET)
            .setParameter("realm", slot.realmId())
            .setParameter("name", slot.name())
            .setParameter("slot", slot.number())
            .executeUpdate()
        > 0;
  }

  void resetAll(String realmId, String name) {
    entities
        .createNativeQuery(RESET_ALL)
        .setParameter("realm", realmId)
        .setParameter("name", name)
        .executeUpdate();
  }

  /**
   * Removes expired rows.
   *
   * @return number of rows
   */
  int prune() {
    return entities.createNativeQuery(PRUNE).executeUpdate();
  }

  private Query withWindow(String sql, Slot slot, Budget budget) {
    return with(sql, slot, budget).setParameter("window", budget.windowMicros());
  }

  private Query with(String sql, Slot slot, Budget budget) {
    return entities
        .createNativeQuery(sql)
        .setParameter("realm", slot.realmId())
        .setParameter("name", slot.name())
        .setParameter("slot", slot.number())
        .setParameter("interval", budget.intervalMicros());
  }
}
