/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.data.jpa;

import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.data.domain.PageRequest;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import rowlock.data.DataApplication;
import rowlock.data.RowSecurityContract;

/** Hibernate and Spring Data JPA on row security alone. */
class BookMutationIT extends RowSecurityContract<Book> {
  private static final Supplier<RuntimeException> NOT_FOUND =
      () -> new OptimisticLockingFailureException("no such row");

  @Override
  protected Set<String> operations() {
    return Set.of("batch", "delete", "find", "lazy", "list", "page", "query", "save");
  }

  @Override
  protected ConfigurableApplicationContext start(DataSource rows) {
    return DataApplication.start(
        JpaConfiguration.class,
        rows,
        Map.of(
            "spring.jpa.hibernate.ddl-auto", "none",
            "spring.jpa.properties.hibernate.jdbc.batch_size", "20"));
  }

  @Override
  protected Book save(ConfigurableApplicationContext application) {
    return application.getBean(BookRepository.class).save(new Book("bob's", "chapter"));
  }

  @Override
  protected void attack(ConfigurableApplicationContext application, Book foreign) {
    var books = application.getBean(BookRepository.class);
    var transaction =
        new TransactionTemplate(application.getBean(PlatformTransactionManager.class));
    attempt("list", () -> !books.findAll().isEmpty());
    attempt("find", () -> books.findById(foreign.id()).isPresent());
    attempt("page", () -> books.findAll(PageRequest.of(0, 5)).hasContent());
    attempt(
        "lazy",
        () ->
            transaction.<Boolean>execute(
                status -> books.findAll().stream().anyMatch(book -> !book.chapters().isEmpty())));
    attempt("query", () -> transaction.<Integer>execute(status -> books.renameAll("taken")) > 0);
    attempt(
        "batch",
        () ->
            transaction.<Boolean>execute(
                status -> {
                  var all = books.findAll();
                  all.forEach(book -> book.rename("renamed"));
                  books.flush();
                  return !all.isEmpty();
                }));
    foreign.rename("saved");
    attempt(
        "save",
        () -> {
          transaction.executeWithoutResult(
              status -> books.findById(foreign.id()).orElseThrow(NOT_FOUND).rename("saved"));
          return true;
        });
    attempt(
        "delete",
        () -> {
          var before = books.count();
          books.deleteAll();
          return before > 0;
        });
  }
}
