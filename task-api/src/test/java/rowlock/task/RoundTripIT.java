/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import rowlock.api.owner.Owner;
import rowlock.api.resource.Cursor;
import rowlock.api.resource.IdempotencyKey;
import rowlock.api.resource.Outcome;
import rowlock.api.test.CountingProxy;
import rowlock.api.test.RowlockTest;
import rowlock.api.test.TestDatabase;
import rowlock.local.testing.TestServers;

/** Owner, ledger and statement go over the wire together. */
@RowlockTest(classes = TaskApiApplication.class, properties = "rowlock.db.pool.size=1")
class RoundTripIT {
  private static final int TIMES = 10;
  private static final int LIMIT = 10_000;
  private static final int ATTEMPTS = 3;

  private static CountingProxy proxy;
  private static TestDatabase database;

  @Autowired private TaskRepository tasks;
  @Autowired private PlatformTransactionManager transactions;

  private final Owner owner = Leaks.someone();
  private UUID id;

  @DynamicPropertySource
  static void connectThroughTheProxy(DynamicPropertyRegistry registry) throws IOException {
    var port = TestServers.postgres().port();
    proxy = new CountingProxy(port);
    database = TestDatabase.create();
    database.settings().forEach((name, value) -> registry.add(name, () -> value));
    registry.add("rowlock.db.url", () -> database.url().replace(":" + port, ":" + proxy.port()));
  }

  @AfterAll
  static void close() {
    proxy.close();
  }

  @BeforeEach
  void addATask() {
    id = owner.call(() -> create().id());
  }

  private Task create() {
    return Leaks.created(tasks.create(owner.id(), new TaskContent("Milk", null, null), LIMIT));
  }

  private void createWithKey() {
    var key = new IdempotencyKey(UUID.randomUUID().toString());
    Leaks.created(tasks.create(owner.id(), new TaskContent("Milk", null, null), LIMIT, key));
  }

  private void takesOneRoundTrip(Runnable operation) {
    takes(
        TIMES,
        () -> {
          for (var i = 0; i < TIMES; i++) {
            operation.run();
          }
        });
  }

  /** Background work of the application can only add to a count, so the smallest one is right. */
  private void takes(int roundTrips, Runnable work) {
    var fewest = Long.MAX_VALUE;
    for (var attempt = 0; attempt < ATTEMPTS && fewest != roundTrips; attempt++) {
      var before = proxy.roundTrips();
      owner.call(
          () -> {
            work.run();
            return true;
          });
      fewest = Math.min(fewest, proxy.roundTrips() - before);
    }
    assertThat(fewest).isEqualTo(roundTrips);
  }

  @Test
  void a_list() {
    takesOneRoundTrip(
        () ->
            assertThat(
                    tasks
                        .find(
                            owner.id(), new TaskQuery(50, Cursor.START, TaskQuery.Status.ALL, null))
                        .items())
                .hasSize(1));
  }

  @Test
  void a_creation() {
    takesOneRoundTrip(this::create);
  }

  @Test
  void a_creation_with_an_idempotency_key() {
    takesOneRoundTrip(this::createWithKey);
  }

  @Test
  void a_read() {
    takesOneRoundTrip(() -> assertThat(tasks.find(owner.id(), id)).isNotNull());
  }

  @Test
  void a_replacement() {
    takesOneRoundTrip(
        () ->
            assertThat(tasks.replace(owner.id(), id, null, new TaskContent("Bread", "1", true)))
                .isInstanceOf(Outcome.Done.class));
  }

  @Test
  void a_completion() {
    takesOneRoundTrip(
        () ->
            assertThat(tasks.complete(owner.id(), id, null, null))
                .isInstanceOf(Outcome.Done.class));
  }

  @Test
  void a_deletion() {
    takesOneRoundTrip(
        () ->
            assertThat(tasks.delete(owner.id(), UUID.randomUUID(), "{1}"))
                .isInstanceOf(Outcome.Missing.class));
  }

  @Test
  void a_read_beside_a_ledger_of_a_hundred_thousand_rows() {
    database.asSuperuser(
        "insert into rowlock.revoked_session (sid, expires_at)"
            + " select i::text, now() + interval '10 minutes' from generate_series(1, 100000) as i",
        "insert into rowlock.account_gate (sub, not_before)"
            + " select gen_random_uuid(), now() from generate_series(1, 10000)");
    owner.call(() -> tasks.find(owner.id(), id)); // the pool looks after a connection that was idle
    takesOneRoundTrip(() -> assertThat(tasks.find(owner.id(), id)).isNotNull());
  }

  @Test
  void a_read_with_a_proof_of_possession() {
    takesOneRoundTrip(
        () -> {
          var proof = new Owner.Proof(UUID.randomUUID(), Instant.now(), UUID.randomUUID());
          var bound =
              new Owner(owner.id(), owner.sessionId(), owner.clientId(), owner.issuedAt(), proof);
          assertThat(bound.call(() -> tasks.find(owner.id(), id))).isNotNull();
        });
  }

  /** The counter counts: begin goes with the first statement, commit goes alone. */
  @Test
  void a_transaction_of_two_statements_takes_three() {
    var transaction = new TransactionTemplate(transactions);
    takes(
        3,
        () ->
            transaction.executeWithoutResult(
                status -> {
                  tasks.delete(owner.id(), id, null);
                  assertThat(tasks.find(owner.id(), id)).isNull();
                  status.setRollbackOnly();
                }));
    assertThat(owner.call(() -> tasks.find(owner.id(), id))).isNotNull();
  }
}
