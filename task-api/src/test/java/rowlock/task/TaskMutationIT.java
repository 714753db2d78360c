/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import rowlock.api.test.MutatingDataSource;
import rowlock.api.test.RowlockTest;
import rowlock.api.test.TestDatabase;

/**
 * Two independent layers isolate tasks: row security, and the condition of a statement. Removing
 * one of them causes no leak. Removing both must cause leaks, or the search would prove nothing.
 */
@RowlockTest(classes = TaskApiApplication.class)
class TaskMutationIT {
  @Autowired private DataSource rows;
  @Autowired private TestDatabase database;

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

  /** Without row security and conditions, the search finds rows of other tests too. */
  @BeforeEach
  void deleteAllRows() {
    database.asSuperuser("delete from api.task", "delete from rowlock.idempotency_key");
  }

  @AfterEach
  void enableRowSecurity() {
    database.asSuperuser("alter table api.task enable row level security");
  }

  private TaskRepository store(UnaryOperator<String> mutation) {
    return new TaskRepository(JdbcClient.create(new MutatingDataSource(rows, mutation)));
  }

  private void disableRowSecurity() {
    database.asSuperuser("alter table api.task disable row level security");
  }

  @Test
  void with_both_layers_nothing_leaks() {
    assertThat(Leaks.find(store(UnaryOperator.identity()))).isEmpty();
  }

  @Test
  void without_the_conditions_row_security_holds() {
    assertThat(Leaks.find(store(stripOwner))).isEmpty();
    assertThat(stripped).hasPositiveValue();
  }

  @Test
  void without_row_security_the_conditions_hold() {
    disableRowSecurity();
    assertThat(Leaks.find(store(UnaryOperator.identity()))).isEmpty();
  }

  @Test
  void without_either_every_operation_leaks() {
    disableRowSecurity();
    assertThat(Leaks.find(store(stripOwner)))
        .contains("create", "list", "read", "replace", "complete", "delete", "delete all");
  }

  @Test
  void every_statement_names_the_owner() {
    var statements = new AtomicInteger();
    Leaks.find(
        store(
            sql -> {
              statements.incrementAndGet();
              return stripOwner.apply(sql);
            }));
    assertThat(stripped).hasValue(statements.get());
  }
}
