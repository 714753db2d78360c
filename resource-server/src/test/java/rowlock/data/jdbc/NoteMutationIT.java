/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.data.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.relational.core.conversion.DbActionExecutionException;
import org.springframework.jdbc.core.JdbcTemplate;
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
class NoteMutationIT {

  private static final Set<String> ALL =
      Set.of("batch", "delete", "find", "key", "list", "page", "query", "save", "text");

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
    Note foreign;
    try (ConfigurableApplicationContext application =
        DataApplication.start(JdbcConfiguration.class, database.dataSource(), Map.of())) {
      NoteRepository notes = application.getBean(NoteRepository.class);
      foreign = bob.call(() -> notes.save(Note.of("bob's", "line")));
    }
    try (ConfigurableApplicationContext application =
        DataApplication.start(JdbcConfiguration.class, database.dataSource(mutation), Map.of())) {
      return ann.call(() -> leaks(application, foreign));
    }
  }

  private Set<String> leaks(ConfigurableApplicationContext application, Note foreign) {
    NoteRepository notes = application.getBean(NoteRepository.class);
    JdbcTemplate template = application.getBean(JdbcTemplate.class);
    TransactionTemplate transaction =
        new TransactionTemplate(application.getBean(PlatformTransactionManager.class));
    Set<String> found = new TreeSet<>();
    note(found, "list", () -> !notes.findAll().isEmpty());
    note(found, "find", () -> notes.findById(foreign.id()).isPresent());
    note(found, "page", () -> notes.findAll(PageRequest.of(0, 5)).hasContent());
    note(found, "query", () -> !notes.titlesFrom("").isEmpty());
    note(
        found,
        "text",
        () -> template.queryForObject("select count(*) from probe.note", Long.class) > 0);
    note(
        found,
        "key",
        () -> {
          Long key =
              transaction.execute(
                  status ->
                      template.execute(
                          (java.sql.Connection connection) -> {
                            try (var update =
                                connection.prepareStatement(
                                    "update probe.note set city = 'x'", new String[] {"id"})) {
                              update.executeUpdate();
                              var keys = update.getGeneratedKeys();
                              return keys.next() ? keys.getLong(1) : null;
                            }
                          }));
          return key != null;
        });
    note(
        found,
        "batch",
        () ->
            template
                    .batchUpdate(
                        "update probe.note set city = ? where version >= 0",
                        List.of(new Object[] {"a"}, new Object[] {"b"}))[0]
                > 0);
    note(
        found,
        "save",
        () -> {
          notes.save(foreign.withTitle("taken").withoutLines()); // a new line would need its note
          return true;
        });
    note(found, "delete", () -> template.update("delete from probe.note") > 0);
    return found;
  }

  private static void note(Set<String> found, String operation, BooleanSupplier leaks) {
    try {
      if (leaks.getAsBoolean()) {
        found.add(operation);
      }
    } catch (OptimisticLockingFailureException missing) {
      // no such row
    } catch (DbActionExecutionException | DataAccessException refused) {
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
