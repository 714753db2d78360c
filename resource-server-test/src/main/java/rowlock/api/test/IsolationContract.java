/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Objects;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Tests that the tables and the endpoints of an application keep every owner's rows apart. Extend
 * it in a test with {@link RowlockTest}, and name your tables and how one resource is created:
 *
 * <pre>{@code
 * @RowlockTest
 * class NoteIsolationIT extends IsolationContract {
 *   protected List<String> tables() {
 *     return List.of("public.note");
 *   }
 *
 *   protected String create(OwnerClient owner) {
 *     ...
 *   }
 * }
 * }</pre>
 *
 * <p>Statements run without a condition on the owner, inside real requests. One test disables row
 * security and expects leaks: if it finds none, the other tests prove nothing.
 */
public abstract class IsolationContract {
  private static final String WRITABLE =
      """
      select oid::regclass::text from pg_class
      where relkind in ('r', 'p') and relnamespace::regnamespace::text !~ '^(pg_|information_schema$|rowlock$)'
        and has_table_privilege(?, oid, 'SELECT, INSERT, UPDATE, DELETE')
      """;

  @Autowired private RowlockClient client;
  @Autowired private TestDatabase database;
  @Autowired private DataSource rows;

  /** Returns the tables that the application may use, each with its schema. */
  protected abstract List<String> tables();

  /**
   * Creates a resource that puts at least one row into each of {@link #tables}.
   *
   * @return the path at which its owner reads it
   */
  protected abstract String create(OwnerClient owner);

  private OwnerClient newOwner() {
    return client.as(UUID.randomUUID());
  }

  private int count(OwnerClient owner, String table) {
    return owner.run(
        () ->
            Objects.requireNonNull(
                new JdbcTemplate(rows)
                    .queryForObject("select count(*) from " + table, Integer.class)));
  }

  private int change(OwnerClient owner, String sql, Object... parameters) {
    return owner.run(() -> new JdbcTemplate(rows).update(sql, parameters));
  }

  @Test
  void tablesOfTheApplication_areAllNamed() {
    var named = tables().stream().map(table -> table.replaceFirst("^public\\.", "")).toList();
    assertThat(
            new JdbcTemplate(database.superuserDataSource())
                .queryForList(WRITABLE, String.class, database.user()))
        .as("tables that the login of the application may use")
        .containsExactlyInAnyOrderElementsOf(named);
  }

  @Test
  void selectWithoutCondition_returnsRowsOfItsOwnerOnly() {
    var ann = newOwner();
    var bob = newOwner();
    create(ann);
    for (var table : tables()) {
      assertThat(count(ann, table)).as("own rows of %s", table).isPositive();
      assertThat(count(bob, table)).as("foreign rows of %s", table).isZero();
    }
  }

  @Test
  void updateAndDeleteWithoutCondition_leaveForeignRowsAsTheyAre() {
    var ann = newOwner();
    var bob = newOwner();
    create(ann);
    for (var table : tables()) {
      var before = count(ann, table);
      assertThat(change(bob, "update " + table + " set owner_id = owner_id")).isZero();
      assertThat(change(bob, "delete from " + table)).isZero();
      assertThat(count(ann, table)).as("rows of %s", table).isEqualTo(before);
    }
  }

  @Test
  void rowOfAnotherOwner_cannotBeWritten() {
    var ann = newOwner();
    var bob = UUID.randomUUID();
    create(ann);
    for (var table : tables()) {
      assertThatThrownBy(() -> change(ann, "update " + table + " set owner_id = ?", bob))
          .as("a row of %s is given to another owner", table)
          .isInstanceOf(DataAccessException.class);
    }
  }

  @Test
  void resourceOfAnotherOwner_isAnsweredAsAMissingOne() {
    var ann = newOwner();
    var bob = newOwner();
    var path = create(ann);
    assertThat(ann.get(path).statusCode()).isEqualTo(200);
    assertThat(bob.get(path).statusCode()).isEqualTo(404);
    assertThat(bob.delete(path).statusCode()).isEqualTo(404);
    assertThat(ann.get(path).statusCode()).isEqualTo(200);
  }

  @Test
  void requestWithoutToken_isRefused() {
    var path = create(newOwner());
    assertThat(client.send(client.request(path)).statusCode()).isEqualTo(401);
  }

  @Test
  void tokenOfARevokedSession_isRefused() {
    var session = UUID.randomUUID().toString();
    var ann = client.as(UUID.randomUUID(), claims -> claims.put("sid", session));
    var path = create(ann);
    assertThat(ann.get(path).statusCode()).isEqualTo(200);
    database.asSuperuser(
        "insert into rowlock.revoked_session (sid, expires_at) values ('"
            + session
            + "', now() + interval '1 hour')");
    assertThat(ann.get(path).statusCode()).isEqualTo(401);
    for (var table : tables()) {
      assertThatThrownBy(() -> count(ann, table)).isInstanceOf(DataAccessException.class);
    }
  }

  @Test
  void outsideARequest_noStatementIsSent() {
    assertThatThrownBy(
            () -> new JdbcTemplate(rows).queryForList("select * from " + tables().getFirst()))
        .hasStackTraceContaining("No owner is bound");
  }

  @Test
  void withoutRowSecurity_theseTestsFindLeaks() {
    var ann = newOwner();
    var bob = newOwner();
    create(ann);
    for (var table : tables()) {
      database.asSuperuser("alter table " + table + " disable row level security");
      try {
        assertThat(count(bob, table)).as("foreign rows of %s", table).isPositive();
      } finally {
        database.asSuperuser("alter table " + table + " enable row level security");
      }
    }
  }
}
