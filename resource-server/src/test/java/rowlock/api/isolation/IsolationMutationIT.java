/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import rowlock.field.FieldReport;
import rowlock.probe.ItemStore;

/**
 * Two independent layers isolate rows: row security, and the condition of a statement. Removing one
 * of them causes no leak. Removing both must cause leaks, or the search would prove nothing.
 */
class IsolationMutationIT {
  private final MigratedDatabase database = MigratedDatabase.create(1);
  private final AtomicInteger stripped = new AtomicInteger();

  /** Removes the owner from every condition, and keeps the parameters. */
  private final UnaryOperator<String> stripOwner =
      sql -> {
        var mutant = sql.replace("owner_id = ?", "(owner_id = ? or true)");
        if (!mutant.equals(sql)) {
          stripped.incrementAndGet();
        }
        return mutant;
      };

  @AfterEach
  void close() {
    database.close();
  }

  private ItemStore store(UnaryOperator<String> mutation) {
    return new ItemStore(JdbcClient.create(database.dataSource(mutation)), ItemLeaks.LIMIT);
  }

  private void disableRowSecurity() {
    database.asSuperuser("alter table probe.item disable row level security");
  }

  @Test
  void with_both_layers_nothing_leaks() {
    assertThat(ItemLeaks.find(store(UnaryOperator.identity()))).isEmpty();
  }

  @FieldReport("https://github.com/Cyoda/cyoda-go/issues/363")
  @Test
  void without_the_conditions_row_security_holds() {
    assertThat(ItemLeaks.find(store(stripOwner))).isEmpty();
    assertThat(stripped).hasPositiveValue();
  }

  @Test
  void without_row_security_the_conditions_hold() {
    disableRowSecurity();
    assertThat(ItemLeaks.find(store(UnaryOperator.identity()))).isEmpty();
  }

  @Test
  void without_either_every_operation_leaks() {
    disableRowSecurity();
    assertThat(ItemLeaks.find(store(stripOwner)))
        .contains("create", "list", "read", "replace", "delete");
  }

  @Test
  void every_statement_names_the_owner() {
    var statements = new AtomicInteger();
    ItemLeaks.find(
        store(
            sql -> {
              statements.incrementAndGet();
              return stripOwner.apply(sql);
            }));
    assertThat(stripped).hasValue(statements.get());
  }
}
