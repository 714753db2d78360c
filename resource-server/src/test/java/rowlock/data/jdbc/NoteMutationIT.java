/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.data.jdbc;

import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.domain.PageRequest;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import rowlock.data.DataApplication;
import rowlock.data.RowSecurityContract;

/** Spring Data JDBC and JdbcTemplate on row security alone. */
class NoteMutationIT extends RowSecurityContract<Note> {
  @Override
  protected Set<String> operations() {
    return Set.of("batch", "delete", "find", "key", "list", "page", "query", "save", "text");
  }

  @Override
  protected ConfigurableApplicationContext start(DataSource rows) {
    return DataApplication.start(JdbcConfiguration.class, rows, Map.of());
  }

  @Override
  protected Note save(ConfigurableApplicationContext application) {
    return application.getBean(NoteRepository.class).save(Note.of("bob's", "line"));
  }

  @Override
  protected void attack(ConfigurableApplicationContext application, Note foreign) {
    var notes = application.getBean(NoteRepository.class);
    var template = application.getBean(JdbcTemplate.class);
    var transaction =
        new TransactionTemplate(application.getBean(PlatformTransactionManager.class));
    attempt("list", () -> !notes.findAll().isEmpty());
    attempt("find", () -> notes.findById(foreign.id()).isPresent());
    attempt("page", () -> notes.findAll(PageRequest.of(0, 5)).hasContent());
    attempt("query", () -> !notes.titlesFrom("").isEmpty());
    attempt(
        "text", () -> template.queryForObject("select count(*) from probe.note", Long.class) > 0);
    attempt(
        "key",
        () -> {
          var key =
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
    attempt(
        "batch",
        () ->
            template
                    .batchUpdate(
                        "update probe.note set city = ? where version >= 0",
                        List.of(new Object[] {"a"}, new Object[] {"b"}))[0]
                > 0);
    attempt(
        "save",
        () -> {
          notes.save(foreign.withTitle("taken").withoutLines()); // a new line would need its note
          return true;
        });
    attempt("delete", () -> template.update("delete from probe.note") > 0);
  }
}
