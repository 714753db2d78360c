/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PGobject;
import rowlock.api.owner.Owner;

/** Common uses of JDBC, on one connection that all users share. */
class OrdinaryStatementsIT extends PoolOfOne {
  private static final String DELETE_MINE = "delete from probe.item where title <> ?";

  /** Removes what a test has added, so that the check after each test holds. */
  private static void cleanUp(Owner owner, String keep) throws SQLException {
    as(
        owner,
        connection -> {
          try (var delete = connection.prepareStatement(DELETE_MINE)) {
            delete.setString(1, keep);
            return delete.executeUpdate();
          }
        });
  }

  private static List<UUID> ids(ResultSet keys) throws SQLException {
    List<UUID> ids = new ArrayList<>();
    while (keys.next()) {
      ids.add(keys.getObject("id", UUID.class));
    }
    return ids;
  }

  private static void fillIn(PreparedStatement insert, Owner owner, String title)
      throws SQLException {
    insert.setObject(1, owner.id());
    insert.setString(2, title);
  }

  private interface Keys {
    PreparedStatement prepare(Connection connection, String sql) throws SQLException;
  }

  private List<UUID> insertWithKeys(Keys keys, boolean autoCommit) throws SQLException {
    return as(
        ann,
        connection -> {
          connection.setAutoCommit(autoCommit);
          List<UUID> ids = new ArrayList<>();
          try (var insert = keys.prepare(connection, INSERT)) {
            for (var i = 0; i < 3; i++) { // the third use is that of a named statement for certain
              fillIn(insert, ann, "with a key");
              assertThat(insert.executeUpdate()).isEqualTo(1);
              assertThat(insert.getUpdateCount()).isEqualTo(1);
              ids.addAll(ids(insert.getGeneratedKeys()));
              assertThat(insert.getMoreResults()).isFalse();
              assertThat(insert.getUpdateCount()).isEqualTo(-1);
            }
          }
          if (!autoCommit) {
            connection.commit();
          }
          return ids;
        });
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        Statement.CLOSE_CURRENT_RESULT,
        Statement.KEEP_CURRENT_RESULT,
        Statement.CLOSE_ALL_RESULTS
      })
  void moreResults_afterGeneratedKeys_end(int previous) throws SQLException {
    var rows =
        as(
            ann,
            connection -> {
              try (var insert =
                  connection.prepareStatement(INSERT, Statement.RETURN_GENERATED_KEYS)) {
                fillIn(insert, ann, "with a key");
                assertThat(insert.executeUpdate()).isEqualTo(1);
                assertThat(insert.getMoreResults(previous)).isFalse();
                assertThat(insert.getUpdateCount()).isEqualTo(-1);
                return ids(insert.getGeneratedKeys());
              }
            });
    assertThat(rows).hasSize(1);
    cleanUp(ann, "ann's");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void generated_keys_are_those_of_the_statement(boolean autoCommit) throws SQLException {
    List<UUID> ids = new ArrayList<>();
    ids.addAll(
        insertWithKeys((on, sql) -> on.prepareStatement(sql, new String[] {"id"}), autoCommit));
    ids.addAll(
        insertWithKeys(
            (on, sql) -> on.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS), autoCommit));
    assertThat(ids).hasSize(6).doesNotHaveDuplicates().doesNotContainNull();
    assertThat(titles(ann)).hasSize(7);
    cleanUp(ann, "ann's");
  }

  @Test
  void names_of_key_columns_are_quoted() throws SQLException {
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(
            () -> insertWithKeys((on, sql) -> on.prepareStatement(sql, new String[] {"ID"}), true))
        .satisfies(failure -> assertThat(failure.getSQLState()).isEqualTo("42703"));
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(
            () ->
                insertWithKeys(
                    (on, sql) ->
                        on.prepareStatement(sql, new String[] {"id\"; delete from probe.item"}),
                    true))
        .satisfies(failure -> assertThat(failure.getSQLState()).isEqualTo("42703"));
  }

  @Test
  void a_statement_without_generated_keys_has_none() throws SQLException {
    boolean any =
        as(
            ann,
            connection -> {
              try (var nothing =
                  connection.prepareStatement(
                      "update probe.item set title = title where false",
                      Statement.RETURN_GENERATED_KEYS)) {
                assertThat(nothing.executeUpdate()).isZero();
                return nothing.getGeneratedKeys().next();
              }
            });
    assertThat(any).isFalse();
  }

  private static PreparedStatement batch(Connection connection, Owner owner, int size)
      throws SQLException {
    var insert = connection.prepareStatement(INSERT, new String[] {"id", "title", "description"});
    for (var i = 0; i < size; i++) {
      fillIn(insert, owner, "entry " + i);
      insert.addBatch();
    }
    return insert;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 100, 2000})
  void a_batch_returns_counts_and_generated_keys(int size) throws SQLException {
    for (var autoCommit : new boolean[] {true, false}) {
      var keys =
          as(
              ann,
              connection -> {
                connection.setAutoCommit(autoCommit);
                try (var insert = batch(connection, ann, size)) {
                  assertThat(insert.executeBatch()).hasSize(size).containsOnly(1);
                  var ids = ids(insert.getGeneratedKeys());
                  assertThat(insert.executeBatch()).isEmpty();
                  if (!autoCommit) {
                    connection.commit();
                  }
                  assertThat(connection.getAutoCommit()).isEqualTo(autoCommit);
                  return ids;
                }
              });
      assertThat(keys).hasSize(size).doesNotHaveDuplicates();
      assertThat(titles(ann)).hasSize(size + 1);
      cleanUp(ann, "ann's");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_batch_is_all_or_nothing(boolean autoCommit) throws SQLException {
    assertThatExceptionOfType(BatchUpdateException.class)
        .isThrownBy(
            () ->
                as(
                    ann,
                    connection -> {
                      connection.setAutoCommit(autoCommit);
                      try (var insert = connection.prepareStatement(INSERT)) {
                        for (var title : List.of("good", "good too", " ")) {
                          fillIn(insert, ann, title);
                          insert.addBatch();
                        }
                        return insert.executeLargeBatch();
                      }
                    }))
        .satisfies(failure -> assertThat(failure.getSQLState()).isEqualTo("23514"));
    assertThat(titles(ann)).containsExactly("ann's");
  }

  @Test
  void a_batch_of_one_fails_as_a_batch_does() {
    assertThatExceptionOfType(BatchUpdateException.class)
        .isThrownBy(
            () ->
                as(
                    ann,
                    connection -> {
                      try (var insert = connection.prepareStatement(INSERT)) {
                        fillIn(insert, ann, " ");
                        insert.addBatch();
                        return insert.executeBatch();
                      }
                    }))
        .satisfies(failure -> assertThat(failure.getSQLState()).isEqualTo("23514"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void batch_withStreams_writesTheirContents(int size) throws SQLException {
    as(
        ann,
        connection -> {
          try (var insert =
              connection.prepareStatement(
                  "insert into probe.item (owner_id, title) values (?, ? || encode(?, 'escape'))")) {
            for (var i = 0; i < size; i++) {
              insert.setObject(1, ann.id());
              insert.setCharacterStream(2, new StringReader("text "));
              insert.setBinaryStream(3, new ByteArrayInputStream(new byte[] {'a'}));
              insert.addBatch();
            }
            return insert.executeBatch();
          }
        });
    assertThat(titles(ann)).hasSize(size + 1).contains("text a");
    cleanUp(ann, "ann's");
  }

  @Test
  void a_batch_writes_no_row_of_another_owner() throws SQLException {
    for (var size : new int[] {1, 3}) {
      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(() -> as(bob, connection -> batch(connection, ann, size).executeBatch()))
          .satisfies(refused -> assertThat(refused.getSQLState()).isEqualTo("42501"));
      var changed =
          as(
              bob,
              connection -> {
                try (var rename =
                    connection.prepareStatement(
                        "update probe.item set title = ? where title = ?")) {
                  for (var i = 0; i < size; i++) {
                    rename.setString(1, "taken");
                    rename.setString(2, "ann's");
                    rename.addBatch();
                  }
                  return rename.executeBatch();
                }
              });
      assertThat(changed).hasSize(size).containsOnly(0);
    }
  }

  @Test
  void a_batch_is_refused_after_the_session_has_ended() throws SQLException {
    for (var size : new int[] {1, 3}) {
      as(
          ann,
          connection -> {
            connection.setAutoCommit(false);
            assertThat(titles(connection)).containsExactly("ann's");
            database.asSuperuser(
                "insert into rowlock.revoked_session values ('session', now() + interval '1 hour')");
            try (var insert = batch(connection, ann, size)) {
              assertThatExceptionOfType(SQLException.class)
                  .isThrownBy(insert::executeBatch)
                  .satisfies(ended -> assertThat(ended.getSQLState()).isEqualTo("TA401"));
            } finally {
              database.asSuperuser("delete from rowlock.revoked_session");
            }
            return true;
          });
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select 1; select title from probe.item",
        "select title from probe.item",
        "begin",
        "rollback",
        "commit; insert into probe.item (owner_id, title) values (?, ?)",
        "rollback; insert into probe.item (owner_id, title) values (?, ?)",
        "rollback; begin; insert into probe.item (owner_id, title) values (?, ?)",
        "/* ; */ commit; -- ;\n insert into probe.item (owner_id, title) values (?, ?)",
        "do $$ begin commit; end $$; insert into probe.item (owner_id, title) values (?, ?)"
      })
  void sqlText_cannotMoveABatchOutOfTheOwner(String sql) throws SQLException {
    for (var autoCommit : new boolean[] {true, false}) {
      for (var size : new int[] {1, 3}) {
        assertThatExceptionOfType(SQLException.class)
            .as("%s of %d", autoCommit, size)
            .isThrownBy(
                () ->
                    as(
                        bob,
                        connection -> {
                          connection.setAutoCommit(autoCommit);
                          try (var statement =
                              connection.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS)) {
                            for (var i = 0; i < size; i++) {
                              if (sql.contains("?")) {
                                fillIn(statement, ann, "planted");
                              }
                              statement.addBatch();
                            }
                            statement.executeBatch();
                            assertThat(titles(connection)).containsExactly("bob's");
                            throw new SQLException("harmless");
                          }
                        }));
      }
    }
  }

  @Test
  void a_kept_batch_is_refused_without_its_owner() throws SQLException {
    as(
        ann,
        connection -> {
          try (var insert = batch(connection, ann, 2)) {
            assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> bob.call(insert::executeBatch));
            insert.clearBatch();
            assertThat(insert.executeBatch()).isEmpty();
            return true;
          }
        });
  }

  @Test
  void after_a_rollback_to_a_savepoint_the_owner_is_the_same() throws SQLException {
    as(
        ann,
        connection -> {
          connection.setAutoCommit(false);
          var beforeAll = connection.setSavepoint();
          assertThat(titles(connection)).containsExactly("ann's");
          connection.rollback(beforeAll);
          assertThat(titles(connection)).containsExactly("ann's");
          var named = connection.setSavepoint("named");
          try (var insert = batch(connection, ann, 3)) {
            insert.executeBatch();
          }
          try (var bad = connection.prepareStatement("select 1 / 0")) {
            assertThatExceptionOfType(SQLException.class).isThrownBy(bad::executeQuery);
          }
          connection.rollback(named);
          assertThat(titles(connection)).containsExactly("ann's");
          connection.releaseSavepoint(named);
          connection.commit();
          return true;
        });
  }

  @Test
  void a_read_only_connection_reads_and_does_not_write() throws SQLException {
    for (var autoCommit : new boolean[] {true, false}) {
      as(
          ann,
          connection -> {
            connection.setReadOnly(true);
            connection.setAutoCommit(autoCommit);
            assertThat(connection.isReadOnly()).isTrue();
            assertThat(titles(connection)).containsExactly("ann's");
            assertThat(titles(connection)).containsExactly("ann's");
            try (var insert = batch(connection, ann, 2)) {
              assertThatExceptionOfType(SQLException.class)
                  .isThrownBy(insert::executeBatch)
                  .satisfies(refused -> assertThat(refused.getSQLState()).isEqualTo("25006"));
            }
            if (!autoCommit) {
              connection.rollback();
            }
            connection.setReadOnly(false);
            try (var update = connection.prepareStatement("update probe.item set title = title")) {
              assertThat(update.executeUpdate()).isEqualTo(1);
              connection.setAutoCommit(true);
              return true;
            }
          });
    }
  }

  @Test
  void a_transaction_that_has_begun_cannot_be_made_read_only() throws SQLException {
    as(
        ann,
        connection -> {
          connection.setAutoCommit(false);
          assertThat(titles(connection)).containsExactly("ann's");
          assertThatExceptionOfType(SQLException.class)
              .isThrownBy(() -> connection.setReadOnly(true));
          return true;
        });
  }

  @Test
  void readOnlySetAfterPrepare_statementDoesNotWrite() throws SQLException {
    as(
        ann,
        connection -> {
          try (var insert = connection.prepareStatement(INSERT)) {
            fillIn(insert, ann, "too late");
            connection.setReadOnly(true);
            assertThatExceptionOfType(SQLException.class)
                .isThrownBy(insert::executeUpdate)
                .satisfies(refused -> assertThat(refused.getSQLState()).isEqualTo("25006"));
          }
          return true;
        });
  }

  @Test
  void values_are_those_of_the_time_they_were_set() throws SQLException {
    var seen =
        as(
            ann,
            connection -> {
              try (var select =
                  connection.prepareStatement(
                      "select cast(? as date)::text || encode(?, 'escape') from probe.item")) {
                var day = Date.valueOf("2026-01-02");
                byte[] bytes = {'a'};
                select.setDate(1, day);
                select.setBytes(2, bytes);
                day.setTime(0);
                bytes[0] = 'b';
                try (var rows = select.executeQuery()) {
                  rows.next();
                  return List.of(rows.getString(1));
                }
              }
            });
    assertThat(seen).containsExactly("2026-01-02a");
  }

  @Test
  void arraysAndJson_areWrittenAndRead() throws SQLException {
    as(
        ann,
        connection -> {
          for (var i = 0; i < 3; i++) {
            try (var select =
                connection.prepareStatement(
                    "select title, ?, cast(? as jsonb), cast(? as uuid[]) from probe.item")) {
              var texts = connection.createArrayOf("text", new String[] {"a", "b"});
              var json = new PGobject();
              json.setType("jsonb");
              json.setValue("{\"a\": 1}");
              select.setArray(1, texts);
              select.setObject(2, json);
              select.setObject(3, new UUID[] {ann.id()});
              try (var rows = select.executeQuery()) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString(1)).isEqualTo("ann's");
                assertThat((String[]) rows.getArray(2).getArray()).containsExactly("a", "b");
                assertThat(rows.getString(3)).isEqualTo("{\"a\": 1}");
                assertThat((UUID[]) rows.getArray(4).getArray()).containsExactly(ann.id());
                // an array that has been read is a parameter too
                try (var again = connection.prepareStatement("select ?")) {
                  again.setArray(1, rows.getArray(2));
                  try (var same = again.executeQuery()) {
                    same.next();
                    assertThat((String[]) same.getArray(1).getArray()).containsExactly("a", "b");
                  }
                }
              }
            }
          }
          return true;
        });
  }

  @Test
  void a_statement_without_parameters_sees_rows_of_its_owner() throws SQLException {
    as(
        ann,
        connection -> {
          try (var statement = connection.createStatement()) {
            statement.setFetchSize(10);
            try (var rows = statement.executeQuery(TITLES)) {
              assertThat(rows.next()).isTrue();
              assertThat(rows.getString(1)).isEqualTo("ann's");
              assertThat(rows.next()).isFalse();
              assertThat(rows.getStatement().getConnection()).isSameAs(connection);
            }
            assertThat(
                    statement.executeUpdate(
                        "insert into probe.item (owner_id, title) values ('%s', 'new')"
                            .formatted(ann.id()),
                        new String[] {"id"}))
                .isEqualTo(1);
            assertThat(ids(statement.getGeneratedKeys())).hasSize(1);
            assertThat(statement.execute("delete from probe.item where title = 'new'")).isFalse();
            assertThat(statement.getUpdateCount()).isEqualTo(1);
            assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> bob.call(() -> statement.executeQuery(TITLES)));
          }
          return true;
        });
  }

  @Test
  void results_may_be_scrolled() throws SQLException {
    as(
        ann,
        connection -> {
          try (var select =
                  connection.prepareStatement(
                      TITLES, ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY);
              var rows = select.executeQuery()) {
            assertThat(rows.last()).isTrue();
            assertThat(rows.first()).isTrue();
            assertThat(rows.getRow()).isEqualTo(1);
          }
          return true;
        });
  }

  @Test
  void metaData_withoutOwner_namesDatabase() throws SQLException {
    try (var connection = rows.getConnection()) {
      assertThat(connection.getMetaData().getDatabaseProductName()).isEqualTo("PostgreSQL");
      assertThat(connection.getMetaData().supportsBatchUpdates()).isTrue();
      assertThat(connection.getMetaData().supportsResultSetType(ResultSet.TYPE_FORWARD_ONLY))
          .isTrue();
    }
  }

  @Test
  void a_connection_without_an_owner_stays_without() throws SQLException {
    AtomicReference<Connection> kept = new AtomicReference<>();
    try (var connection = rows.getConnection()) {
      kept.set(connection);
      ann.call(
          () -> {
            assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> kept.get().prepareStatement(TITLES));
            return true;
          });
    }
  }
}
