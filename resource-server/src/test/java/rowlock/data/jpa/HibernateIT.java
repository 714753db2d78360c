/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.data.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.LockModeType;
import jakarta.persistence.OptimisticLockException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Sort;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import rowlock.api.isolation.MigratedDatabase;
import rowlock.api.owner.Owner;
import rowlock.data.DataApplication;
import rowlock.data.DataTables;
import rowlock.data.TwoOwners;

/** Hibernate and Spring Data JPA, as two owners that do not see each other. */
class HibernateIT extends TwoOwners {
  private static MigratedDatabase database;
  private static ConfigurableApplicationContext application;
  private static BookRepository books;
  private static EntityManagerFactory factory;
  private static TransactionTemplate transaction;
  private static TransactionTemplate readOnly;

  @BeforeAll
  static void start() {
    database = MigratedDatabase.create(3);
    DataTables.create(database);
    application =
        DataApplication.start(
            JpaConfiguration.class,
            database.dataSource(),
            Map.of(
                "spring.jpa.hibernate.ddl-auto", "none",
                "spring.jpa.properties.hibernate.jdbc.batch_size", "20",
                "spring.jpa.properties.hibernate.order_inserts", "true"));
    books = application.getBean(BookRepository.class);
    factory = application.getBean(EntityManagerFactory.class);
    var manager = application.getBean(PlatformTransactionManager.class);
    transaction = new TransactionTemplate(manager);
    readOnly = new TransactionTemplate(manager);
    readOnly.setReadOnly(true);
  }

  @AfterAll
  static void stop() {
    application.close();
    database.close();
  }

  @Test
  void entity_isSavedReadChangedAndDeleted_byItsOwnerOnly() {
    var saved = ann.call(() -> books.save(new Book("first", "one", "two")));
    assertThat(saved.id()).isNotNull();
    as(
        bob,
        () -> {
          assertThat(books.findById(saved.id())).isEmpty();
          assertThat(books.findAll()).isEmpty();
          assertThat(books.count()).isZero();
          var renamed = transaction.execute(status -> books.renameAll("taken"));
          assertThat(renamed).isZero();
          saved.rename("taken");
          assertThatExceptionOfType(OptimisticLockingFailureException.class)
              .isThrownBy(() -> books.save(saved));
          books.deleteAll();
          books.deleteAllInBatch();
        });
    as(
        ann,
        () -> {
          transaction.executeWithoutResult(
              status -> {
                var found = books.findById(saved.id()).orElseThrow();
                assertThat(found.title()).isEqualTo("first");
                assertThat(found.chapters())
                    .extracting(Chapter::title)
                    .containsExactly("one", "two");
                found.rename("second");
                found.chapters().removeFirst();
                found.chapters().add(new Chapter(found, "three"));
              });
          var stale = saved;
          stale.rename("stale");
          assertThatExceptionOfType(OptimisticLockingFailureException.class)
              .isThrownBy(() -> books.save(stale));
          transaction.executeWithoutResult(
              status -> {
                var found = books.findByTitleOrderById("second").getFirst();
                assertThat(found.version()).isPositive();
                assertThat(found.chapters())
                    .extracting(Chapter::title)
                    .containsExactly("three", "two");
                books.delete(found);
              });
          assertThat(books.count()).isZero();
        });
  }

  @Test
  void manyEntities_areBatchedPagedAndDeletedByOwnerOnly() {
    as(bob, () -> books.save(new Book("bob's")));
    as(
        ann,
        () -> {
          books.saveAll(
              IntStream.range(0, 45)
                  .mapToObj(i -> new Book("book %02d".formatted(i), "chapter"))
                  .toList());
          var page = books.findAll(PageRequest.of(1, 10, Sort.by("title")));
          assertThat(page.getTotalElements()).isEqualTo(45);
          assertThat(page.getContent().getFirst().title()).isEqualTo("book 10");
          assertThat(transaction.<Integer>execute(status -> books.renameAll("same"))).isEqualTo(45);
          books.deleteAll(page.getContent());
          assertThat(books.count()).isEqualTo(35);
          books.deleteAll();
          assertThat(books.count()).isZero();
        });
    assertThat(bob.call(() -> books.findAll().getFirst().title())).isEqualTo("bob's");
  }

  @Test
  void entityManager_persistsMergesLocksAndRefreshes() {
    as(
        ann,
        () -> {
          try (var entities = factory.createEntityManager()) {
            entities.getTransaction().begin();
            var book = new Book("managed", "one");
            entities.persist(book);
            entities.flush();
            entities.refresh(book, LockModeType.PESSIMISTIC_WRITE);
            entities.lock(book, LockModeType.OPTIMISTIC_FORCE_INCREMENT);
            entities.getTransaction().commit();

            entities.clear();
            entities.getTransaction().begin();
            book.rename("merged");
            var merged = entities.merge(book);
            entities.getTransaction().commit();
            assertThat(merged.title()).isEqualTo("merged");

            // outside a transaction, as with an open session in view
            entities.clear();
            var lazy = entities.find(Book.class, book.id());
            assertThat(lazy.chapters()).hasSize(1);

            entities.getTransaction().begin();
            assertThat(
                    entities
                        .createQuery("select b from Book b", Book.class)
                        .setHint("org.hibernate.fetchSize", 10)
                        .getResultStream()
                        .count())
                .isOne();
            entities.getTransaction().rollback();
          }
        });
  }

  @Test
  void staleVersion_isRefused() {
    as(
        ann,
        () -> {
          var book = books.save(new Book("versioned"));
          try (var entities = factory.createEntityManager()) {
            entities.getTransaction().begin();
            var mine = entities.find(Book.class, book.id());
            transaction.executeWithoutResult(status -> books.renameAll("ignores versions"));
            database.asSuperuser(
                "update probe.book set version = version + 1 where id = '" + book.id() + "'");
            mine.rename("too late");
            assertThatThrownBy(entities::flush).isInstanceOf(OptimisticLockException.class);
            entities.getTransaction().rollback();
          }
        });
  }

  @Test
  void readOnlyTransaction_readsWithAndWithoutProof_writesNothing() {
    as(ann, () -> books.save(new Book("read", "one")));
    for (var owner : List.of(ann, withProof(ann, UUID.randomUUID()))) {
      as(
          owner,
          () -> {
            readOnly.executeWithoutResult(
                status ->
                    assertThat(books.findAll().getFirst().chapters())
                        .extracting(Chapter::title)
                        .containsExactly("one"));
            fails(
                "25006",
                () ->
                    readOnly.executeWithoutResult(
                        status -> {
                          assertThat(books.count()).isOne();
                          books.renameAll("not written");
                        }));
            assertThat(transaction.<Integer>execute(status -> books.renameAll("again"))).isOne();
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
                          books.saveAndFlush(new Book("written"));
                          database.asSuperuser(
                              "insert into rowlock.revoked_session values ('%s', now() + interval '1 hour')"
                                  .formatted(ann.sessionId()));
                          books.saveAllAndFlush(List.of(new Book("a"), new Book("b")));
                        })));
    var again = new Owner(ann.id(), "another session", "client", Instant.now());
    assertThat(again.call(() -> books.count())).isZero();
  }

  @Test
  void proof_isGoodForAllStatementsOfOneRequest_andForNoOther() {
    var proof = UUID.randomUUID();
    as(
        withProof(ann, proof),
        () -> {
          books.saveAll(List.of(new Book("one", "a"), new Book("two", "b")));
          assertThat(books.findAll()).hasSize(2);
        });
    as(withProof(ann, proof), () -> fails("TA409", () -> books.findAll()));
    as(withProof(ann, proof), () -> fails("TA409", () -> books.save(new Book("replayed"))));
    assertThat(ann.call(() -> books.count())).isEqualTo(2);
  }
}
