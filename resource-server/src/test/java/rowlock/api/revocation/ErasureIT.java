/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import rowlock.api.isolation.MigratedDatabase;
import rowlock.api.owner.Owner;

/** An erasure deletes all rows of an account from all tables, also those of running statements. */
class ErasureIT {
  private static final String INSERT =
      "insert into probe.item (owner_id, title) values (?, 'a row') returning id";

  private final UUID user = UUID.randomUUID();
  private final UUID other = UUID.randomUUID();
  private MigratedDatabase database;
  private Ledger ledger;
  private JdbcTemplate superuser;

  @BeforeEach
  void migrate() {
    database = MigratedDatabase.create();
    ledger = new Ledger(database.ledger().statements(), Duration.ofMinutes(12), Retentions.NONE);
    superuser = new JdbcTemplate(database.superuser());
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void purge() {
    ledger.apply(
        UUID.randomUUID().toString(),
        Instant.now(),
        Change.ofAccount(Change.Kind.ACCOUNT_PURGED, user));
  }

  private long rows(String table) {
    var count = superuser.queryForObject("select count(*) from " + table, Long.class);
    return count == null ? 0 : count;
  }

  private void insert(UUID owner) {
    new Owner(owner, "session", "client", Instant.now())
        .call(
            () ->
                JdbcClient.create(database.dataSource())
                    .sql(
                        "insert into probe.item (owner_id, title) values (:owner, 'x') returning id")
                    .param("owner", owner)
                    .query()
                    .singleValue());
  }

  /** Makes a table as a team would, and puts a row of each owner into it. */
  private void table(String name, String columns, String values) {
    database.asSuperuser(
        "set role rowlock_owner",
        "create table probe.%s (owner_id uuid not null, %s)".formatted(name, columns),
        "alter table probe.%s enable row level security".formatted(name),
        "alter table probe.%s force row level security".formatted(name),
        ("create policy of_owner on probe.%1$s"
                + " using (owner_id = (select nullif(current_setting('rowlock.owner', true), '')::uuid))")
            .formatted(name),
        "reset role",
        "insert into probe.%s values ('%s', %s), ('%s', %s)"
            .formatted(name, user, values, other, values));
  }

  @Test
  void erasure_deletesRowsOfEveryTable_keepsThoseOfOthers() {
    table("list", "id int, primary key (owner_id, id)", "1");
    table(
        "entry",
        "id int, list_id int, primary key (owner_id, id),"
            + " foreign key (owner_id, list_id) references probe.list (owner_id, id)",
        "1, 1");
    table(
        "attachment",
        "id int, entry_id int, foreign key (owner_id, entry_id) references probe.entry (owner_id, id)",
        "1, 1");
    table("\"Ta ble\"", "id int", "1");
    insert(user);
    insert(other);

    purge();

    for (var table : List.of("item", "list", "entry", "attachment", "\"Ta ble\"")) {
      assertThat(superuser.queryForList("select owner_id from probe." + table, UUID.class))
          .as(table)
          .containsExactly(other);
    }
  }

  @Test
  void failedErasure_isNotAcknowledged() {
    table("list", "id int, primary key (owner_id, id)", "1");
    database.asSuperuser(
        "create schema other",
        "create table other.kept (owner_id uuid, id int,"
            + " foreign key (owner_id, id) references probe.list)",
        "insert into other.kept values ('%s', 1)".formatted(user));
    insert(user);
    assertThatExceptionOfType(DataAccessException.class).isThrownBy(this::purge);
    assertThat(rows("rowlock.account_gate")).isZero();
    assertThat(rows("rowlock.received_event")).isZero();
    assertThat(rows("probe.item")).isEqualTo(1);
    database.asSuperuser("drop schema other cascade");
    purge();
    assertThat(rows("probe.item")).isZero();
  }

  @Test
  void erasure_waitsForTransactionAndErasesItsRows() throws Exception {
    var owner = new Owner(user, "session", "client", Instant.now());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> erasure =
          owner.call(
              () -> {
                try (var connection = database.dataSource().getConnection()) {
                  connection.setAutoCommit(false);
                  try (var insert = connection.prepareStatement(INSERT)) {
                    insert.setObject(1, user);
                    insert.executeQuery();
                    Future<?> waiting = threads.submit(this::purge);
                    await().until(this::isWaitingForAccount);
                    assertThat(waiting.isDone()).isFalse();
                    connection.commit();
                    return waiting;
                  }
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      erasure.get();
    }
    assertThat(rows("probe.item")).isZero();
  }

  private boolean isWaitingForAccount() {
    var waiting =
        superuser.queryForObject(
            "select count(*) from pg_locks join pg_database on pg_database.oid = database"
                + " where locktype = 'advisory' and not granted"
                + " and datname = (select current_database())",
            Long.class);
    return waiting != null && waiting > 0;
  }

  @Test
  void concurrentInsert_leavesNoRow() throws Exception {
    for (var round = 0; round < 5; round++) {
      var gone = UUID.randomUUID();
      var busy = new CountDownLatch(12);
      List<Future<Boolean>> inserters = new ArrayList<>();
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (var i = 0; i < 4; i++) {
          inserters.add(threads.submit(() -> insertUntilRefused(gone, busy)));
        }
        busy.await();
        ledger.apply(
            UUID.randomUUID().toString(),
            Instant.now(),
            Change.ofAccount(Change.Kind.ACCOUNT_PURGED, gone));
        for (var inserter : inserters) {
          assertThat(inserter.get()).isTrue();
        }
      }
      assertThat(rows("probe.item where owner_id = '" + gone + "'")).isZero();
    }
  }

  private boolean insertUntilRefused(UUID owner, CountDownLatch busy) {
    while (true) {
      try {
        insert(owner);
        busy.countDown();
      } catch (DataAccessException e) {
        return String.valueOf(e.getMostSpecificCause().getMessage()).contains("cut off");
      }
    }
  }
}
