/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.api.owner.Owner;
import rowlock.field.FieldReport;

/** All users share one connection. Whatever happens on it, it has no owner afterwards. */
class PoolOfOneIT extends PoolOfOne {
  private static void fails(Owner owner, String sql, String state) {
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(
            () ->
                as(
                    owner,
                    connection -> {
                      try (var statement = connection.prepareStatement(sql)) {
                        return statement.execute();
                      }
                    }))
        .satisfies(failure -> assertThat(failure.getSQLState()).isEqualTo(state));
  }

  @FieldReport("https://github.com/brianc/node-postgres/issues/2897")
  @Test
  void owners_alternate() throws SQLException {
    for (var i = 0; i < 50; i++) {
      assertThat(titles(ann)).containsExactly("ann's");
      assertThat(titles(bob)).containsExactly("bob's");
    }
  }

  @FieldReport("https://github.com/stelescuraul/rls/issues/172")
  @Test
  void failedStatement_leavesNoOwner() {
    fails(ann, "select 1 / 0", "22012");
    fails(ann, "select no_such_column from probe.item", "42703");
    fails(bob, "select sid from rowlock.revoked_session", "42501");
    fails(bob, "truncate probe.item", "42501");
    fails(bob, "alter table probe.item disable row level security", "42501");
    fails(bob, "set role rowlock_owner", "42501");
  }

  @Test
  void foreignRow_cannotBeWritten() throws SQLException {
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(
            () ->
                as(
                    bob,
                    connection -> {
                      try (var insert = connection.prepareStatement(INSERT)) {
                        insert.setObject(1, ann.id());
                        insert.setString(2, "planted");
                        return insert.executeUpdate();
                      }
                    }))
        .satisfies(refused -> assertThat(refused.getSQLState()).isEqualTo("42501"));
    int changed =
        as(
            bob,
            connection -> {
              try (var update =
                  connection.prepareStatement("update probe.item set title = 'bob''s'")) {
                return update.executeUpdate();
              }
            });
    assertThat(changed).isEqualTo(1);
  }

  @Test
  void a_statement_that_takes_too_long_is_ended_by_the_server() {
    fails(ann, "select pg_sleep(5), title from probe.item", "57014");
  }

  @Test
  void a_statement_is_ended_when_its_thread_is_cancelled() throws Exception {
    CompletableFuture<Thread> started = new CompletableFuture<>();
    CompletableFuture<Throwable> ended = new CompletableFuture<>();
    Thread.startVirtualThread(
        () -> {
          try {
            as(
                ann,
                connection -> {
                  started.complete(Thread.currentThread());
                  try (var sleep = connection.prepareStatement("select pg_sleep(0.25)")) {
                    return sleep.execute();
                  }
                });
            ended.complete(null);
          } catch (SQLException e) {
            ended.complete(e);
          }
        });
    started.get(5, TimeUnit.SECONDS).interrupt();
    ended.get(5, TimeUnit.SECONDS);
    // The driver may have lost the connection; the pool opens another.
    Awaitility.await().ignoreExceptions().until(() -> titles(bob).size() == 1);
  }

  @Test
  void a_transaction_that_is_left_open_is_rolled_back() throws SQLException {
    as(
        ann,
        connection -> {
          connection.setAutoCommit(false);
          try (var delete = connection.prepareStatement("delete from probe.item")) {
            assertThat(delete.executeUpdate()).isEqualTo(1);
          }
          assertThat(titles(connection)).isEmpty();
          return true;
        });
  }

  @Test
  void connection_acceptsStatementsOfItsOwnerOnly() throws SQLException {
    as(
        ann,
        connection -> {
          connection.setAutoCommit(false);
          assertThat(titles(connection)).containsExactly("ann's");
          assertThatExceptionOfType(IllegalStateException.class)
              .isThrownBy(() -> bob.call(() -> titles(connection)));
          try (var select = connection.prepareStatement(TITLES)) {
            assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> bob.call(select::executeQuery));
            assertThat(select.getConnection()).isSameAs(connection);
          }
          assertThat(titles(connection)).containsExactly("ann's");
          connection.commit();
          return true;
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "begin; select title from probe.item",
        "begin; select 1 / 0",
        "start transaction; delete from probe.item"
      })
  void a_transaction_that_a_statement_begins_is_ended(String sql) {
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(
            () ->
                as(
                    ann,
                    connection -> {
                      try (var statement = connection.prepareStatement(sql)) {
                        return statement.execute();
                      }
                    }));
  }

  @Test
  void a_transaction_sees_that_its_session_is_ended() throws SQLException {
    as(
        ann,
        connection -> {
          connection.setAutoCommit(false);
          assertThat(titles(connection)).containsExactly("ann's");
          database.asSuperuser(
              "insert into rowlock.revoked_session values ('%s', now() + interval '1 hour')"
                  .formatted(ann.sessionId()));
          try {
            assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> titles(connection))
                .satisfies(ended -> assertThat(ended.getSQLState()).isEqualTo("TA401"));
          } finally {
            database.asSuperuser("delete from rowlock.revoked_session");
          }
          return true;
        });
  }

  @Test
  void without_an_owner_nothing_is_sent() throws SQLException {
    try (var connection = rows.getConnection()) {
      assertThatExceptionOfType(IllegalStateException.class)
          .isThrownBy(() -> connection.prepareStatement(TITLES));
      assertThatExceptionOfType(IllegalStateException.class)
          .isThrownBy(() -> connection.createStatement().executeQuery(TITLES));
      assertThatExceptionOfType(IllegalStateException.class)
          .isThrownBy(() -> connection.createStatement().execute("select version()"));
      assertThatExceptionOfType(IllegalStateException.class)
          .isThrownBy(() -> connection.setAutoCommit(false));
    }
    var connection = ann.call(rows::getConnection);
    try (connection;
        var select = connection.prepareStatement(TITLES)) {
      assertThatExceptionOfType(IllegalStateException.class).isThrownBy(select::executeQuery);
    }
  }

  @Test
  void few_rows_at_a_time_are_all_rows() throws SQLException {
    var seen =
        as(
            ann,
            connection -> {
              connection.setAutoCommit(false);
              try (var many =
                  connection.prepareStatement(
                      "select title from probe.item, generate_series(1, 10)")) {
                many.setFetchSize(3);
                List<String> titles = new ArrayList<>();
                try (var rows = many.executeQuery()) {
                  while (rows.next()) {
                    titles.add(rows.getString(1));
                  }
                }
                return titles;
              }
            });
    assertThat(seen).hasSize(10).containsOnly("ann's");
  }
}
