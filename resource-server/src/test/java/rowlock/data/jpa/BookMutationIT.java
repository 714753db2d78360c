/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.data.jpa;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.data.domain.PageRequest;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import rowlock.api.isolation.MigratedDatabase;
import rowlock.api.owner.Owner;
import rowlock.data.DataApplication;
import rowlock.data.DataTables;

/**
 * Nothing in this application names the owner. Row security alone keeps rows apart: without it the
 * same search must find leaks, and without {@code rowlock.enter} nobody may see or write anything.
 */
class BookMutationIT {

  private static final Set<String> ALL =
      Set.of("batch", "delete", "find", "lazy", "list", "page", "query", "save");

  private static final Supplier<RuntimeException> NOT_FOUND =
      () -> new OptimisticLockingFailureException("no such row");

  private final MigratedDatabase database = MigratedDatabase.create(2);
  private final Owner ann = new Owner(UUID.randomUUID(), "session", "client", Instant.now());
  private final Owner bob = new Owner(UUID.randomUUID(), "session", "client", Instant.now());

  @AfterEach
  void close() {
    database.close();
  }

  /** Returns what ann can do to a note of bob. */
  private Set<String> leaks(UnaryOperator<String> mutation) {
    DataTables.create(database);
    return search(mutation);
  }

  private Set<String> search(UnaryOperator<String> mutation) {
    Book foreign;
    try (ConfigurableApplicationContext application = start(database.dataSource())) {
      BookRepository books = application.getBean(BookRepository.class);
      foreign = bob.call(() -> books.save(new Book("bob's", "chapter")));
    }
    try (ConfigurableApplicationContext application = start(database.dataSource(mutation))) {
      return ann.call(() -> leaks(application, foreign));
    }
  }

  private static ConfigurableApplicationContext start(DataSource rows) {
    return DataApplication.start(
        JpaConfiguration.class,
        rows,
        Map.of(
            "spring.jpa.hibernate.ddl-auto", "none",
            "spring.jpa.properties.hibernate.jdbc.batch_size", "20"));
  }

  private Set<String> leaks(ConfigurableApplicationContext application, Book foreign) {
    BookRepository books = application.getBean(BookRepository.class);
    TransactionTemplate transaction =
        new TransactionTemplate(application.getBean(PlatformTransactionManager.class));
    Set<String> found = new TreeSet<>();
    note(found, "list", () -> !books.findAll().isEmpty());
    note(found, "find", () -> books.findById(foreign.id()).isPresent());
    note(found, "page", () -> books.findAll(PageRequest.of(0, 5)).hasContent());
    note(
        found,
        "lazy",
        () ->
            transaction.<Boolean>execute(
                status -> books.findAll().stream().anyMatch(book -> !book.chapters().isEmpty())));
    note(
        found, "query", () -> transaction.<Integer>execute(status -> books.renameAll("taken")) > 0);
    note(
        found,
        "batch",
        () ->
            transaction.<Boolean>execute(
                status -> {
                  List<Book> all = books.findAll();
                  all.forEach(book -> book.rename("renamed"));
                  books.flush();
                  return !all.isEmpty();
                }));
    foreign.rename("saved");
    note(
        found,
        "save",
        () -> {
          transaction.executeWithoutResult(
              status -> books.findById(foreign.id()).orElseThrow(NOT_FOUND).rename("saved"));
          return true;
        });
    note(
        found,
        "delete",
        () -> {
          long before = books.count();
          books.deleteAll();
          return before > 0;
        });
    return found;
  }

  private static void note(Set<String> found, String operation, BooleanSupplier leaks) {
    try {
      if (leaks.getAsBoolean()) {
        found.add(operation);
      }
    } catch (OptimisticLockingFailureException missing) {
      // no such row
    } catch (DataAccessException refused) {
      assertThat(refused).hasStackTraceContaining("row-level security");
    }
  }

  @Test
  void withRowSecurity_nothingLeaks() {
    assertThat(leaks(UnaryOperator.identity())).isEmpty();
  }

  @Test
  void withoutRowSecurity_everyOperationLeaks() {
    DataTables.create(database);
    DataTables.removeRowSecurity(database);
    assertThat(search(UnaryOperator.identity())).containsExactlyInAnyOrderElementsOf(ALL);
  }

  @Test
  void withoutEnter_nothingIsSeenOrWritten() {
    assertThat(leaks(sql -> sql.replaceFirst("^select rowlock\\.enter\\(", "select row(")))
        .isEmpty();
  }
}
