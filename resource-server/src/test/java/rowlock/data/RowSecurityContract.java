/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.data.relational.core.conversion.DbActionExecutionException;
import rowlock.api.isolation.MigratedDatabase;

/**
 * Tests of an application whose statements never name the owner. Row security alone keeps rows
 * apart: without it the same search must find leaks, and without {@code rowlock.enter} no statement
 * may see or write anything.
 *
 * @param <T> what the application saves
 */
public abstract class RowSecurityContract<T> extends TwoOwners {
  private final MigratedDatabase database = MigratedDatabase.create(2);
  private final Set<String> found = new TreeSet<>();

  /** Starts the application. */
  protected abstract ConfigurableApplicationContext start(DataSource rows);

  /** Saves a resource with a line of its own. */
  protected abstract T save(ConfigurableApplicationContext application);

  /** Tries each of {@link #operations} on a resource of another owner, by {@link #attempt}. */
  protected abstract void attack(ConfigurableApplicationContext application, T foreign);

  /** Returns the names of all operations. */
  protected abstract Set<String> operations();

  @BeforeEach
  void createTables() {
    DataTables.create(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  /**
   * Records an operation that returns true. A missing row and a refusal by row security are no
   * leaks.
   */
  protected final void attempt(String operation, BooleanSupplier leaks) {
    try {
      if (leaks.getAsBoolean()) {
        found.add(operation);
      }
    } catch (OptimisticLockingFailureException e) {
      // no such row
    } catch (DbActionExecutionException | DataAccessException e) {
      assertThat(e).hasStackTraceContaining("row-level security");
    }
  }

  /** Returns the operations of ann that saw or changed what bob has saved. */
  private Set<String> leaks(UnaryOperator<String> mutation) {
    T foreign;
    try (var application = start(database.dataSource())) {
      foreign = bob.call(() -> save(application));
    }
    try (var application = start(database.dataSource(mutation))) {
      as(ann, () -> attack(application, foreign));
    }
    return found;
  }

  @Test
  void withRowSecurity_nothingLeaks() {
    assertThat(leaks(UnaryOperator.identity())).isEmpty();
  }

  @Test
  void withoutRowSecurity_everyOperationLeaks() {
    DataTables.removeRowSecurity(database);
    assertThat(leaks(UnaryOperator.identity())).containsExactlyInAnyOrderElementsOf(operations());
  }

  @Test
  void withoutEnter_nothingIsSeenOrWritten() {
    var mutants = new AtomicInteger();
    assertThat(
            leaks(
                sql -> {
                  var mutant = sql.replaceFirst("^select rowlock\\.enter\\(", "select row(");
                  if (!mutant.equals(sql)) {
                    mutants.incrementAndGet();
                  }
                  return mutant;
                }))
        .isEmpty();
    assertThat(mutants).hasValueGreaterThanOrEqualTo(operations().size());
  }
}
