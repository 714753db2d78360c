/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import rowlock.api.isolation.MigratedDatabase;
import rowlock.api.owner.Owner;
import rowlock.api.revocation.Change.Kind;
import rowlock.api.settings.ErasureSettings;
import rowlock.field.FieldReport;

/** The rows of a removed account between its removal and their erasure. */
class RetentionIT {
  private static final Duration KEEP = Duration.ofMinutes(12);

  /** Longer than the margin for concurrent requests and clock skew. */
  private static final Duration LATER = Duration.ofSeconds(62);

  private final UUID user = UUID.randomUUID();
  private final UUID other = UUID.randomUUID();
  private final Instant now = Instant.now();
  private MigratedDatabase database;
  private Ledger ledger;
  private JdbcTemplate superuser;

  @BeforeEach
  void migrate() {
    database = MigratedDatabase.create();
    ledger = ledger(Retentions.WEEK);
    superuser = new JdbcTemplate(database.superuser());
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Ledger ledger(ErasureSettings erasure) {
    return new Ledger(database.ledger().statements(), KEEP, erasure);
  }

  private void apply(Kind kind, Instant at) {
    ledger.apply(UUID.randomUUID().toString(), at, Change.ofAccount(kind, user));
  }

  private void insert(UUID owner, Instant issuedAt) {
    as(owner, issuedAt)
        .call(
            () ->
                JdbcClient.create(database.dataSource())
                    .sql(
                        "insert into probe.item (owner_id, title) values (:owner, 'x') returning id")
                    .param("owner", owner)
                    .query()
                    .singleValue());
  }

  private static Owner as(UUID owner, Instant issuedAt) {
    return new Owner(owner, "session", "client", issuedAt);
  }

  /** Returns the rows that a request with a token of this time sees; -1 if it is refused. */
  private long seen(UUID owner, Instant issuedAt) {
    try {
      return as(owner, issuedAt)
          .call(
              () ->
                  JdbcClient.create(database.dataSource())
                      .sql("select count(*) from probe.item where owner_id = :owner")
                      .param("owner", owner)
                      .query(Long.class)
                      .single());
    } catch (RuntimeException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof SQLException sql && "TA401".equals(sql.getSQLState())) {
          return -1;
        }
      }
      throw e;
    }
  }

  private long rows(String table) {
    var count = superuser.queryForObject("select count(*) from " + table, Long.class);
    return count == null ? 0 : count;
  }

  private void periodEnds() {
    superuser.update(
        "update rowlock.account_gate set erase_after = now() where erase_after is not null");
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/24669")
  @Test
  void removal_hidesRows_howeverTheOwnerIsSet() {
    insert(user, now);
    insert(other, now);

    apply(Kind.ACCOUNT_PURGED, now);

    assertThat(seen(user, now)).isEqualTo(-1);
    assertThat(rows("probe.item")).isEqualTo(2);
    var connection = new SingleConnectionDataSource(connection(), true);
    var application = new JdbcTemplate(connection);
    for (var owner : List.of(user, other)) {
      application.queryForObject(
          "select set_config('rowlock.owner', ?, false)", String.class, owner.toString());
      assertThat(application.queryForObject("select count(*) from probe.item", Long.class))
          .isEqualTo(owner.equals(other) ? 1 : 0);
      assertThat(application.update("update probe.item set title = 'y'"))
          .isEqualTo(owner.equals(other) ? 1 : 0);
    }
    application.queryForObject(
        "select set_config('rowlock.owner', ?, false)", String.class, user.toString());
    assertThat(application.update("delete from probe.item")).isZero();
    assertThatExceptionOfType(DataAccessException.class)
        .isThrownBy(
            () ->
                application.update(
                    "insert into probe.item (owner_id, title) values (?, 'x')", user));
    application.execute("reset \"rowlock.owner\"");
    connection.destroy();
  }

  private Connection connection() {
    try {
      return database.bare().getConnection();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({"-10, -1", "0, -1", "30, -1", "59, -1", "62, 1"})
  void anAccountThatHasANewTokenHasItsRowsBack(long secondsAfterRemoval, long seen) {
    insert(user, now);
    apply(Kind.ACCOUNT_PURGED, now);

    assertThat(seen(user, now.plusSeconds(secondsAfterRemoval))).isEqualTo(seen);

    assertThat(ledger.erasureBacklog().pending()).isEqualTo(seen == 1 ? 0 : 1);
    assertThat(seen(user, now)).as("a token of before the removal").isEqualTo(-1);
    periodEnds();
    assertThat(ledger.dueErasures(10)).hasSize(seen == 1 ? 0 : 1);
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/21359")
  @ParameterizedTest
  @CsvSource({"1, -1", "-1, 1", "0, -1"})
  void anAccountThatIsCreatedAgainHasItsRowsBackAtOnce(long millisBeforeRemoval, long seen) {
    insert(user, now);
    apply(Kind.ACCOUNT_PURGED, now);
    apply(Kind.ACCOUNT_CREATED, now.minusMillis(millisBeforeRemoval));

    assertThat(seen(user, now.plusSeconds(1))).isEqualTo(seen);

    assertThat(seen(user, now)).as("a token of the second of the removal").isEqualTo(-1);
    assertThat(ledger.erasureBacklog().pending()).isEqualTo(seen == 1 ? 0 : 1);
  }

  @ParameterizedTest
  @CsvSource({"ACCOUNT_ENABLED, 30, 1", "ACCOUNT_ENABLED, 61, 0", "ACCOUNT_DISABLED, 61, 0"})
  void anAccountThatIsEnabledOrDisabledLaterExists(Kind kind, long seconds, long pending) {
    insert(user, now);
    apply(Kind.ACCOUNT_PURGED, now);
    apply(kind, now.plusSeconds(seconds));

    assertThat(ledger.erasureBacklog().pending()).isEqualTo(pending);

    assertThat(rows("probe.item")).isEqualTo(1);
  }

  @Test
  void aDisabledAccountIsNotReadmittedByAToken() {
    apply(Kind.ACCOUNT_DISABLED, now.minusSeconds(60));
    apply(Kind.ACCOUNT_PURGED, now);

    assertThat(seen(user, now.plus(LATER))).isEqualTo(-1);

    assertThat(ledger.erasureBacklog().pending()).isEqualTo(1);
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/34764")
  @Test
  void nothingIsErasedBeforeThePeriodEnds() {
    insert(user, now);
    apply(Kind.ACCOUNT_PURGED, now);

    assertThat(ledger.dueErasures(10)).isEmpty();
    assertThat(ledger.erase(user)).isNull();

    assertThat(rows("probe.item")).isEqualTo(1);
    assertThat(ledger.erasureBacklog()).isEqualTo(new Ledger.Backlog(1, Duration.ZERO));
    assertThat(
            superuser.queryForObject(
                "select erase_after - removed_at = interval '7 days' from rowlock.account_gate",
                Boolean.class))
        .isTrue();
  }

  @Test
  void severalReplicas_oneErases_accountStartsEmpty() throws Exception {
    insert(user, now);
    insert(user, now);
    insert(other, now);
    apply(Kind.ACCOUNT_PURGED, now);
    periodEnds();
    assertThat(ledger.dueErasures(10)).extracting(Ledger.DueErasure::account).containsExactly(user);

    List<Future<String>> erasures = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < 8; i++) {
        erasures.add(threads.submit(() -> ledger.erase(user)));
      }
    }
    Set<String> erased = new TreeSet<>();
    for (var erasure : erasures) {
      if (erasure.get() != null) {
        assertThat(erased.add(erasure.get())).isTrue();
      }
    }

    assertThat(erased).containsExactly("{\"probe.item\": 2}");
    assertThat(ledger.erasureBacklog().pending()).isZero();
    assertThat(seen(user, now)).isEqualTo(-1);
    assertThat(seen(user, now.plus(LATER))).isZero();
    insert(user, now.plus(LATER));
    apply(Kind.ACCOUNT_PURGED, now);
    assertThat(seen(user, now.plus(LATER))).as("the removal is delivered again").isEqualTo(1);
    assertThat(seen(other, now)).isEqualTo(1);
  }

  /** Of a concurrent restoration and erasure, either all rows are restored or all are erased. */
  @Test
  void concurrentReturnAndErasure_loseNoNewRow() throws Exception {
    for (var round = 0; round < 20; round++) {
      var returning = UUID.randomUUID();
      insert(returning, now);
      ledger.apply(
          UUID.randomUUID().toString(), now, Change.ofAccount(Kind.ACCOUNT_PURGED, returning));
      periodEnds();
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<?> insertion = threads.submit(() -> insert(returning, now.plus(LATER)));
        var erasure = threads.submit(() -> ledger.erase(returning));
        insertion.get();
        assertThat(seen(returning, now.plus(LATER))).isEqualTo(erasure.get() == null ? 2 : 1);
      }
      assertThat(ledger.erasureBacklog().pending()).isZero();
    }
  }

  @Test
  void failedErasure_isRetriedAndBlocksNoOther() {
    database.asSuperuser(
        "create schema other",
        "create table other.kept (owner_id uuid, id uuid,"
            + " foreign key (owner_id, id) references probe.item)");
    insert(user, now);
    insert(other, now);
    superuser.update(
        "insert into other.kept select owner_id, id from probe.item where owner_id = ?", user);
    for (var removed : List.of(user, other)) {
      ledger.apply(
          UUID.randomUUID().toString(), now, Change.ofAccount(Kind.ACCOUNT_PURGED, removed));
    }
    periodEnds();

    assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> ledger.erase(user));
    ledger.erasureFailed(user);

    assertThat(ledger.dueErasures(10))
        .extracting(Ledger.DueErasure::account)
        .containsExactly(other);
    assertThat(ledger.erase(other)).isNotNull();
    superuser.update(
        "update rowlock.account_gate set erase_failed_at = now() - interval '6 minutes'");
    database.asSuperuser("drop schema other cascade");
    assertThat(ledger.dueErasures(10)).extracting(Ledger.DueErasure::account).containsExactly(user);
    assertThat(ledger.erase(user)).isNotNull();
    assertThat(rows("probe.item")).isZero();
  }

  @Test
  void existingAccount_keepsRowsUnlessRemovedAgain() {
    insert(user, now);
    apply(Kind.ACCOUNT_PURGED, now);
    periodEnds();
    var due = ledger.dueErasures(1).getFirst();
    apply(Kind.ACCOUNT_PURGED, now.plusMillis(1));
    assertThat(ledger.accountExists(due)).isFalse();
    periodEnds();

    assertThat(ledger.accountExists(ledger.dueErasures(1).getFirst())).isTrue();

    assertThat(ledger.erasureBacklog().pending()).isZero();
    assertThat(seen(user, now.plusSeconds(1))).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"ACCOUNT_PURGED, 48", "ACCOUNT_PURGED_BY_USER, 12"})
  void accountsThatWereDeletedByTheirUserHaveAPeriodOfTheirOwn(Kind kind, int hours) {
    ledger = ledger(new ErasureSettings(Duration.ofHours(48), Duration.ofHours(12)));
    apply(kind, now);

    assertThat(
            superuser.queryForObject(
                "select (extract(epoch from erase_after - removed_at) / 3600)::int from rowlock.account_gate",
                Integer.class))
        .isEqualTo(hours);
  }

  /** After an outage of the receiver, a later event of the same account may be pending. */
  @Test
  void lateRemoval_leavesAnHour() {
    insert(user, now);
    apply(Kind.ACCOUNT_PURGED, now.minus(Duration.ofDays(30)));

    assertThat(ledger.dueErasures(10)).isEmpty();
    apply(Kind.ACCOUNT_CREATED, now.minus(Duration.ofDays(29)));

    assertThat(seen(user, now)).isEqualTo(1);
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/20177")
  @Test
  void anOperatorAssignsRowsToAnotherOwner() {
    insert(user, now);
    insert(user, now);
    insert(other, now);
    apply(Kind.ACCOUNT_PURGED, now);

    var moved = reassign(user, other, "ticket 4711");

    assertThat(moved).isEqualTo("{\"probe.item\": 2}");
    assertThat(seen(other, now)).isEqualTo(3);
    assertThat(
            superuser.queryForMap(
                "select operator, from_owner, to_owner, reason, moved::text from rowlock.reassignment"))
        .containsEntry("operator", database.settings().migrationUser())
        .containsEntry("from_owner", user)
        .containsEntry("to_owner", other)
        .containsEntry("reason", "ticket 4711")
        .containsEntry("moved", moved);
    periodEnds();
    assertThat(ledger.erase(user)).isEqualTo("{}");
    assertThat(seen(other, now)).isEqualTo(3);
    assertThat(
            superuser.queryForObject(
                "select relforcerowsecurity from pg_class where oid = 'probe.item'::regclass",
                Boolean.class))
        .isTrue();
  }

  @Test
  void invalidAssignment_changesNothing() {
    var removed = UUID.randomUUID();
    ledger.apply(UUID.randomUUID().toString(), now, Change.ofAccount(Kind.ACCOUNT_PURGED, removed));
    insert(user, now);
    insert(other, now);
    superuser.update("update probe.item set id = '00000000-0000-7000-8000-000000000001'");

    refused(user, user, "x", "two different owners");
    refused(user, other, " ", "reason");
    refused(UUID.randomUUID(), other, "x", "has no rows");
    refused(user, removed, "x", "is removed");
    refused(user, other, "x", "same key");

    assertThat(seen(user, now)).isEqualTo(1);
    assertThat(rows("rowlock.reassignment")).isZero();
    assertThat(
            superuser.queryForObject(
                "select relforcerowsecurity from pg_class where oid = 'probe.item'::regclass",
                Boolean.class))
        .isTrue();
  }

  private void refused(UUID from, UUID to, String reason, String message) {
    assertThatExceptionOfType(DataAccessException.class)
        .isThrownBy(() -> reassign(from, to, reason))
        .withMessageContaining(message);
  }

  /** As docs/operations.md says. */
  private String reassign(UUID from, UUID to, String reason) {
    var connection =
        new SingleConnectionDataSource(
            database.settings().url(),
            database.settings().migrationUser(),
            database.settings().migrationPassword(),
            true);
    try {
      var operator = new JdbcTemplate(connection);
      operator.execute("set role rowlock_owner");
      return operator.queryForObject(
          "select rowlock.reassign(?, ?, ?)::text", String.class, from, to, reason);
    } finally {
      connection.destroy();
    }
  }
}
