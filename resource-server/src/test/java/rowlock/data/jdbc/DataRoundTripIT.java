/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.data.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.domain.PageRequest;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import rowlock.api.isolation.MigratedDatabase;
import rowlock.api.test.CountingProxy;
import rowlock.data.DataApplication;
import rowlock.data.DataTables;
import rowlock.data.TwoOwners;
import rowlock.local.testing.TestServers;

/** The numbers of round trips that docs/isolation.md names. */
class DataRoundTripIT extends TwoOwners {
  private static final String INSERT = "insert into probe.note (version, title) values (0, ?)";

  private static CountingProxy proxy;
  private static MigratedDatabase direct;
  private static MigratedDatabase database;
  private static ConfigurableApplicationContext application;
  private static DataSource rows;
  private static NoteRepository notes;
  private static JdbcTemplate template;
  private static TransactionTemplate transaction;
  private static TransactionTemplate readOnly;

  @BeforeAll
  static void putTheProxyBetween() throws IOException {
    proxy = new CountingProxy(TestServers.postgres().port());
    direct = MigratedDatabase.create(1);
    DataTables.create(direct);
    var address = direct.settings().url();
    database =
        direct.at(address.replace(":" + TestServers.postgres().port(), ":" + proxy.port()), 1);
    rows = database.dataSource();
    application = DataApplication.start(JdbcConfiguration.class, rows, Map.of());
    notes = application.getBean(NoteRepository.class);
    template = application.getBean(JdbcTemplate.class);
    var manager = application.getBean(PlatformTransactionManager.class);
    transaction = new TransactionTemplate(manager);
    readOnly = new TransactionTemplate(manager);
    readOnly.setReadOnly(true);
  }

  @AfterAll
  static void close() {
    application.close();
    database.close();
    direct.close();
    proxy.close();
  }

  /** The driver asks for the types of arrays and of the keys of a batch once a connection. */
  @BeforeEach
  void warmUp() {
    for (var i = 0; i < 2; i++) {
      ann.call(
          () -> {
            notes.saveAll(List.of(Note.of("one", "line"), Note.of("two", "line")));
            notes.findAll(PageRequest.of(0, 1));
            notes.deleteAll();
            return true;
          });
    }
  }

  private interface Work {
    void run() throws SQLException;
  }

  private void takes(int roundTrips, Work work) throws SQLException {
    for (var someone : List.of(ann, withProof(ann, UUID.randomUUID()))) {
      someone.call(
          () -> {
            var before = proxy.roundTrips();
            work.run();
            assertThat(proxy.roundTrips() - before)
                .as("round trips %s a proof", someone.proof() == null ? "without" : "with")
                .isEqualTo(roundTrips);
            return true;
          });
    }
  }

  private static void insertWithKey(Connection connection) throws SQLException {
    try (var insert = connection.prepareStatement(INSERT, new String[] {"id"})) {
      insert.setString(1, "with a key");
      assertThat(insert.executeUpdate()).isOne();
      assertThat(insert.getGeneratedKeys().next()).isTrue();
    }
  }

  @Test
  void singleStatement() throws SQLException {
    takes(1, () -> template.update(INSERT, "one"));
    takes(1, () -> template.queryForList("select title from probe.note", String.class));
  }

  @Test
  void singleStatement_besideALargeLedger() throws SQLException {
    direct.asSuperuser(
        "insert into rowlock.revoked_session (sid, expires_at)"
            + " select i::text, now() + interval '10 minutes' from generate_series(1, 100000) as i",
        "insert into rowlock.account_gate (sub, not_before)"
            + " select gen_random_uuid(), now() from generate_series(1, 10000)");
    ann.call(() -> notes.count()); // the pool looks after a connection that was idle
    takes(1, () -> template.queryForList("select title from probe.note", String.class));
  }

  @Test
  void generatedKey() throws SQLException {
    takes(
        1,
        () -> {
          try (var connection = rows.getConnection()) {
            insertWithKey(connection);
          }
        });
  }

  private static List<Object[]> entries(int size) {
    return IntStream.range(0, size).mapToObj(i -> new Object[] {"entry " + i}).toList();
  }

  @Test
  void batch() throws SQLException {
    takes(3, () -> template.batchUpdate(INSERT, entries(100)));
    takes(1, () -> template.batchUpdate(INSERT, entries(1)));
  }

  @Test
  void batchInATransaction() throws SQLException {
    takes(
        3,
        () ->
            transaction.executeWithoutResult(status -> template.batchUpdate(INSERT, entries(100))));
  }

  @Test
  void transactionOfTwoStatements() throws SQLException {
    takes(
        3,
        () ->
            transaction.executeWithoutResult(
                status -> {
                  template.update(INSERT, "one");
                  template.update(INSERT, "two");
                }));
  }

  @Test
  void readOnlyTransactionOfTwoStatements() throws SQLException {
    takes(
        3,
        () ->
            readOnly.executeWithoutResult(
                status -> {
                  notes.count();
                  notes.titlesFrom("");
                }));
  }

  @Test
  void springData() throws SQLException {
    takes(2, () -> notes.save(Note.of("no lines"))); // begin and insert, commit
    takes(3, () -> notes.save(Note.of("one line", "line")));
    takes(2, () -> notes.findById(-1L));
    takes(2, () -> notes.count());
  }

  @Test
  void springDataOfMany() throws SQLException {
    // The driver sends entries one by one when the rows they return may be of any size: Spring Data
    // asks for all columns. A plain connection takes 102.
    takes(
        104,
        () ->
            notes.saveAll(
                IntStream.range(0, 100).mapToObj(i -> Note.of("n" + i, "line")).toList()));
    takes(4, () -> assertThat(notes.findAll(PageRequest.of(0, 1)).getContent()).hasSize(1));
    takes(4, () -> notes.deleteAll());
  }

  @Test
  void fetchSize_boundsWhatComesAtOnce() throws SQLException {
    ann.call(
        () ->
            template.update(
                "insert into probe.note (version, title) select 0, 'n' from generate_series(1, 1000)"));
    ann.call(
        () -> {
          try (var connection = rows.getConnection()) {
            connection.setAutoCommit(false);
            try (var select = connection.prepareStatement("select title from probe.note")) {
              select.setFetchSize(100);
              var before = proxy.roundTrips();
              try (var titles = select.executeQuery()) {
                for (var i = 0; i < 100; i++) {
                  assertThat(titles.next()).isTrue();
                }
                assertThat(proxy.roundTrips() - before).isEqualTo(1);
                assertThat(titles.next()).isTrue();
                assertThat(proxy.roundTrips() - before).isEqualTo(2);
              }
            }
            connection.rollback();
          }
          return template.update("delete from probe.note");
        });
  }
}
