/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.data.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Sort;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import rowlock.api.isolation.MigratedDatabase;
import rowlock.api.owner.Owner;
import rowlock.data.DataApplication;
import rowlock.data.DataTables;
import rowlock.data.TwoOwners;

/** Spring Data JDBC, JdbcClient and JdbcTemplate, as two owners that do not see each other. */
class SpringDataJdbcIT extends TwoOwners {
  private static MigratedDatabase database;
  private static ConfigurableApplicationContext application;
  private static NoteRepository notes;
  private static JdbcTemplate template;
  private static JdbcClient client;
  private static TransactionTemplate transaction;
  private static TransactionTemplate readOnly;
  private static TransactionTemplate nested;

  @BeforeAll
  static void start() {
    database = MigratedDatabase.create(2);
    DataTables.create(database);
    application = DataApplication.start(JdbcConfiguration.class, database.dataSource(), Map.of());
    notes = application.getBean(NoteRepository.class);
    template = application.getBean(JdbcTemplate.class);
    client = application.getBean(JdbcClient.class);
    var manager = application.getBean(PlatformTransactionManager.class);
    transaction = new TransactionTemplate(manager);
    readOnly = new TransactionTemplate(manager);
    readOnly.setReadOnly(true);
    nested = new TransactionTemplate(manager);
    nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
  }

  @AfterAll
  static void stop() {
    application.close();
    database.close();
  }

  @Test
  void aggregate_isSavedReadChangedAndDeleted_byItsOwnerOnly() {
    var saved = ann.call(() -> notes.save(Note.of("first", "one", "two")));
    assertThat(saved.id()).isNotNull();
    assertThat(saved.version()).isZero();

    as(
        bob,
        () -> {
          assertThat(notes.findById(saved.id())).isEmpty();
          assertThat(notes.existsById(saved.id())).isFalse();
          assertThat(notes.findAll()).isEmpty();
          assertThat(notes.count()).isZero();
          assertThat(notes.findByTitle("first")).isEmpty();
          assertThat(notes.rename(saved.id(), "taken")).isZero();
          assertThatExceptionOfType(OptimisticLockingFailureException.class)
              .isThrownBy(() -> notes.save(saved.withTitle("taken")));
          notes.deleteById(saved.id());
          notes.deleteAll();
          assertThat(template.queryForObject("select count(*) from probe.note_line", Long.class))
              .isZero();
        });

    as(
        ann,
        () -> {
          assertThat(notes.findById(saved.id())).hasValue(saved);
          var changed = notes.save(saved.withTitle("second"));
          assertThat(changed.version()).isOne();
          assertThatExceptionOfType(OptimisticLockingFailureException.class)
              .isThrownBy(() -> notes.save(saved.withTitle("stale")));
          assertThat(notes.rename(saved.id(), "third")).isOne();
          assertThat(notes.titlesFrom("th")).containsExactly("third");
          assertThat(notes.findByTitle("third").getFirst().lines())
              .containsExactly(new Note.Line("one"), new Note.Line("two"));
          notes.deleteById(saved.id());
          assertThat(notes.count()).isZero();
        });
  }

  @Test
  void manyAggregates_areSavedPagedAndDeleted_byTheirOwnerOnly() {
    Set<Long> ids = new HashSet<>();
    as(
        ann,
        () ->
            notes
                .saveAll(
                    IntStream.range(0, 25)
                        .mapToObj(i -> Note.of("note %02d".formatted(i), "l"))
                        .toList())
                .forEach(note -> ids.add(note.id())));
    assertThat(ids).hasSize(25).doesNotContainNull();
    as(bob, () -> notes.saveAll(List.of(Note.of("bob's"), Note.of("bob's too"))));
    as(
        ann,
        () -> {
          var page = notes.findAll(PageRequest.of(1, 10, Sort.by("title")));
          assertThat(page.getTotalElements()).isEqualTo(25);
          assertThat(page.getContent().getFirst().title()).isEqualTo("note 10");
          assertThat(page.getContent().getFirst().lines()).hasSize(1);
          assertThat(notes.findAllById(ids)).hasSize(25);
          notes.deleteAllById(ids.stream().limit(5).toList());
          assertThat(notes.count()).isEqualTo(20);
          notes.deleteAll();
          assertThat(notes.count()).isZero();
        });
    assertThat(bob.call(() -> notes.count())).isEqualTo(2);
  }

  @Test
  void templates_batchAndReturnKeys_ofTheirOwnerOnly() {
    as(
        ann,
        () -> {
          var keys = new GeneratedKeyHolder();
          client
              .sql("insert into probe.note (version, title, city) values (0, :title, :city)")
              .param("title", "by a client")
              .param("city", null)
              .update(keys, "id");
          assertThat(keys.getKey()).isNotNull();
          List<Object[]> rows = new ArrayList<>();
          for (var i = 0; i < 50; i++) {
            rows.add(new Object[] {"batch", i % 2 == 0 ? null : "Bern"});
          }
          assertThat(
                  template.batchUpdate(
                      "insert into probe.note (version, title, city) values (0, ?, ?)", rows))
              .hasSize(50)
              .containsOnly(1);
          assertThat(template.queryForObject("select count(*) from probe.note", Long.class))
              .isEqualTo(51);
        });
    as(
        bob,
        () -> {
          assertThat(client.sql("select title from probe.note").query(String.class).list())
              .isEmpty();
          assertThat(template.update("delete from probe.note")).isZero();
          assertThat(
                  template.batchUpdate(
                      "delete from probe.note where title = ?",
                      List.of(new Object[] {"batch"}, new Object[] {"by a client"})))
              .containsOnly(0);
          fails(
              "42501",
              () ->
                  template.batchUpdate(
                      "insert into probe.note (owner_id, version, title) values (?, 0, 'planted')",
                      List.of(new Object[] {ann.id()}, new Object[] {ann.id()})));
        });
  }

  @Test
  void transaction_rollsBackAllOrPart() {
    as(
        ann,
        () -> {
          transaction.executeWithoutResult(
              status -> {
                notes.save(Note.of("kept"));
                assertThatExceptionOfType(DataAccessException.class)
                    .isThrownBy(
                        () ->
                            nested.executeWithoutResult(
                                inner -> {
                                  notes.save(Note.of("dropped"));
                                  template.update("select 1 / 0");
                                }));
                notes.save(Note.of("kept too"));
              });
          transaction.executeWithoutResult(
              status -> {
                notes.save(Note.of("rolled back"));
                status.setRollbackOnly();
              });
          assertThat(notes.titlesFrom("")).containsExactly("kept", "kept too");
        });
  }

  @Test
  void readOnlyTransaction_readsWithAndWithoutProof_writesNothing() {
    as(ann, () -> notes.save(Note.of("read")));
    for (var owner : List.of(ann, withProof(ann, UUID.randomUUID()))) {
      as(
          owner,
          () -> {
            readOnly.executeWithoutResult(
                status -> {
                  assertThat(notes.findAll()).hasSize(1);
                  assertThat(notes.count()).isOne();
                });
            fails(
                "25006",
                () ->
                    readOnly.executeWithoutResult(
                        status -> {
                          assertThat(notes.count()).isOne();
                          notes.save(Note.of("not written"));
                        }));
            assertThat(notes.count()).isOne();
            notes.saveAll(notes.findAll()); // the connection can write again
          });
    }
  }

  @Test
  void sessionThatEndsInATransaction_isRefusedInIt() {
    as(
        ann,
        () ->
            fails(
                "TA401",
                () ->
                    transaction.executeWithoutResult(
                        status -> {
                          notes.saveAll(List.of(Note.of("one", "line"), Note.of("two")));
                          database.asSuperuser(
                              "insert into rowlock.revoked_session values ('%s', now() + interval '1 hour')"
                                  .formatted(ann.sessionId()));
                          notes.findAll();
                        })));
    var again = new Owner(ann.id(), "another session", "client", Instant.now());
    assertThat(again.call(() -> notes.count())).isZero();
  }

  @Test
  void proof_isGoodForAllStatementsOfOneRequest_andForNoOther() {
    var proof = UUID.randomUUID();
    as(
        withProof(ann, proof),
        () -> {
          notes.saveAll(List.of(Note.of("one", "line"), Note.of("two", "line")));
          transaction.executeWithoutResult(status -> notes.saveAll(notes.findAll()));
          notes.deleteAll();
        });
    as(withProof(ann, proof), () -> fails("TA409", () -> notes.findAll()));
    as(withProof(ann, proof), () -> fails("TA409", () -> notes.save(Note.of("replayed"))));
    as(
        withProof(ann, proof),
        () -> fails("TA409", () -> readOnly.executeWithoutResult(status -> notes.findAll())));
    assertThat(ann.call(() -> notes.count())).isZero();
  }

  @Test
  void rowsThatAreFetchedFewAtATime_areThoseOfTheOwner() {
    as(
        ann,
        () -> {
          template.update(
              "insert into probe.note (version, title) select 0, 'n' || i from generate_series(1, 5000) i");
          var few = new JdbcTemplate(template.getDataSource());
          few.setFetchSize(100);
          transaction.executeWithoutResult(
              status -> {
                try (var titles =
                    few.queryForStream(
                        "select title from probe.note", (row, i) -> row.getString(1))) {
                  assertThat(titles.distinct()).hasSize(5000);
                }
              });
          notes.deleteAll(notes.findAll(PageRequest.of(0, 10)).getContent());
          assertThat(notes.count()).isEqualTo(4990);
        });
    assertThat(bob.call(() -> notes.count())).isZero();
  }
}
