/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import rowlock.api.isolation.TestDatabase;
import rowlock.api.owner.Owner;
import rowlock.api.resource.Cursor;
import rowlock.api.resource.IdempotencyKey;
import rowlock.api.resource.Outcome;
import rowlock.api.test.CountingProxy;
import rowlock.local.testing.TestServers;

/** Owner, ledger and statement go over the wire together. */
class RoundTripIT {

  private static final int TIMES = 10;
  private static final int LIMIT = 10_000;

  private static CountingProxy proxy;
  private static TestDatabase direct;
  private static TestDatabase database;

  private final Owner owner = new Owner(UUID.randomUUID(), "session", "client", Instant.now());
  private TaskRepository tasks;
  private UUID id;

  @BeforeAll
  static void putTheProxyBetween() throws IOException {
    proxy = new CountingProxy(TestServers.postgres().port());
    direct = TestDatabase.create(1);
    database =
        direct.at(
            direct
                .settings()
                .url()
                .replace(":" + TestServers.postgres().port(), ":" + proxy.port()),
            1);
  }

  @AfterAll
  static void close() {
    database.close();
    direct.close();
    proxy.close();
  }

  @BeforeEach
  void addATask() {
    tasks = TaskRepositories.on(database.dataSource());
    id = owner.call(() -> create().id());
  }

  private Task create() {
    return Leaks.created(tasks.create(owner.id(), new TaskContent("Milk", null, null), LIMIT));
  }

  private void createWithKey() {
    IdempotencyKey key = new IdempotencyKey(UUID.randomUUID().toString());
    Leaks.created(tasks.create(owner.id(), new TaskContent("Milk", null, null), LIMIT, key));
  }

  private void takesOneRoundTrip(Runnable operation) {
    owner.call(
        () -> {
          long before = proxy.roundTrips();
          for (int i = 0; i < TIMES; i++) {
            operation.run();
          }
          assertThat(proxy.roundTrips() - before).isEqualTo(TIMES);
          return true;
        });
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
    takesOneRoundTrip(() -> assertThat(tasks.find(owner.id(), id)).isPresent());
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
    direct.asSuperuser(
        "insert into rowlock.revoked_session (sid, expires_at)"
            + " select i::text, now() + interval '10 minutes' from generate_series(1, 100000) as i",
        "insert into rowlock.account_gate (sub, not_before)"
            + " select gen_random_uuid(), now() from generate_series(1, 10000)");
    owner.call(() -> tasks.find(owner.id(), id)); // the pool looks after a connection that was idle
    takesOneRoundTrip(() -> assertThat(tasks.find(owner.id(), id)).isPresent());
  }

  @Test
  void a_read_with_a_proof_of_possession() {
    long before = proxy.roundTrips();
    for (int i = 0; i < TIMES; i++) {
      Owner.Proof proof = new Owner.Proof(UUID.randomUUID(), Instant.now(), UUID.randomUUID());
      Owner bound =
          new Owner(owner.id(), owner.sessionId(), owner.clientId(), owner.issuedAt(), proof);
      assertThat(bound.call(() -> tasks.find(owner.id(), id))).isPresent();
    }
    assertThat(proxy.roundTrips() - before).isEqualTo(TIMES);
  }

  /** The counter counts: begin goes with the first statement, commit goes alone. */
  @Test
  void a_transaction_of_two_statements_takes_three() {
    DataSource shared = database.dataSource();
    TaskRepository inTransaction = TaskRepositories.on(shared);
    TransactionTemplate transaction =
        new TransactionTemplate(new DataSourceTransactionManager(shared));
    owner.call(
        () -> {
          long before = proxy.roundTrips();
          transaction.executeWithoutResult(
              status -> {
                inTransaction.delete(owner.id(), id, null);
                assertThat(inTransaction.find(owner.id(), id)).isEmpty();
                status.setRollbackOnly();
              });
          assertThat(proxy.roundTrips() - before).isEqualTo(3);
          assertThat(tasks.find(owner.id(), id)).isPresent();
          return true;
        });
  }
}
