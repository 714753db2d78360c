/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import rowlock.api.owner.Owner;
import rowlock.api.resource.Cursor;
import rowlock.api.resource.IdempotencyKey;
import rowlock.api.resource.Outcome;
import rowlock.api.test.MutatingDataSource;
import rowlock.api.test.RowlockTest;
import rowlock.api.test.TestDatabase;

/** Concurrent statements, and limits. */
@RowlockTest(classes = TaskApiApplication.class)
class TaskRepositoryIT {
  private static final int AT_ONCE = 20;
  private static final TaskContent CONTENT = new TaskContent("Milk", null, null);
  private static final IdempotencyKey KEY = new IdempotencyKey("a-key");

  @Autowired private TaskRepository tasks;
  @Autowired private DataSource rows;
  @Autowired private TestDatabase database;

  private final Owner owner = Leaks.someone();

  @Test
  void an_owner_has_no_more_tasks_than_the_limit() {
    owner.call(
        () -> {
          var first = Leaks.created(tasks.create(owner.id(), CONTENT, 2)).id();
          Leaks.created(tasks.create(owner.id(), CONTENT, 2));
          assertThat(tasks.create(owner.id(), CONTENT, 2))
              .isInstanceOf(TaskCreation.LimitReached.class);
          tasks.delete(owner.id(), first, null);
          Leaks.created(tasks.create(owner.id(), CONTENT, 2));
          return true;
        });
  }

  @Test
  void repeatedKey_returnsTaskAtLimitAndAfterDeletion() {
    owner.call(
        () -> {
          var made = Leaks.created(tasks.create(owner.id(), CONTENT, 1, KEY));
          assertThat(Leaks.created(tasks.create(owner.id(), CONTENT, 1, KEY))).isEqualTo(made);
          assertThat(tasks.create(owner.id(), CONTENT, 1, anotherKey()))
              .isInstanceOf(TaskCreation.LimitReached.class);
          tasks.delete(owner.id(), made.id(), null);
          assertThat(Leaks.created(tasks.create(owner.id(), CONTENT, 1, KEY))).isEqualTo(made);
          assertThat(tasks.find(owner.id(), made.id())).isNull();
          return true;
        });
  }

  @Test
  void a_refused_creation_leaves_no_record() {
    owner.call(
        () -> {
          var first = Leaks.created(tasks.create(owner.id(), CONTENT, 1));
          assertThat(tasks.create(owner.id(), CONTENT, 1, KEY))
              .isInstanceOf(TaskCreation.LimitReached.class);
          tasks.delete(owner.id(), first.id(), null);
          assertThat(
                  tasks.find(
                      owner.id(), Leaks.created(tasks.create(owner.id(), CONTENT, 1, KEY)).id()))
              .isNotNull();
          return true;
        });
  }

  @ParameterizedTest
  @MethodSource
  void a_key_with_other_content_changes_nothing(TaskContent other) {
    owner.call(
        () -> {
          var made = Leaks.created(tasks.create(owner.id(), CONTENT, 10, KEY));
          assertThat(tasks.create(owner.id(), other, 10, KEY))
              .isInstanceOf(TaskCreation.KeyReused.class);
          assertThat(
                  tasks
                      .find(owner.id(), new TaskQuery(50, Cursor.START, TaskQuery.Status.ALL, null))
                      .items())
              .containsExactly(made);
          return true;
        });
  }

  static Stream<TaskContent> a_key_with_other_content_changes_nothing() {
    return Stream.of(
        new TaskContent("Milk ", null, null),
        new TaskContent("Milk", "", null),
        new TaskContent("Milk", null, true),
        new TaskContent("Mil", "k", null));
  }

  @Test
  void absent_and_false_completion_are_the_same_content() {
    owner.call(
        () -> {
          var made = Leaks.created(tasks.create(owner.id(), CONTENT, 10, KEY));
          var open = new TaskContent("Milk", null, false);
          assertThat(Leaks.created(tasks.create(owner.id(), open, 10, KEY))).isEqualTo(made);
          return true;
        });
  }

  @Test
  void key_isFreeAfterADay_expiredRecordsAreDeleted() {
    owner.call(
        () -> {
          var made = Leaks.created(tasks.create(owner.id(), CONTENT, 10, KEY));
          Leaks.created(tasks.create(owner.id(), CONTENT, 10, anotherKey()));
          database.asSuperuser(
              "update rowlock.idempotency_key set created_at = created_at - interval '25 hours'");
          var other = new TaskContent("Bread", null, null);
          var next = Leaks.created(tasks.create(owner.id(), other, 10, KEY));
          assertThat(next.id()).isNotEqualTo(made.id());
          assertThat(Leaks.created(tasks.create(owner.id(), other, 10, KEY))).isEqualTo(next);
          assertThat(
                  JdbcClient.create(rows)
                      .sql("select key from rowlock.idempotency_key")
                      .query(String.class)
                      .list())
              .containsExactly(KEY.value());
          return true;
        });
  }

  @Test
  void of_many_creations_with_one_key_one_is_done() throws Exception {
    var made = atOnce(() -> Leaks.created(tasks.create(owner.id(), CONTENT, 10, KEY)));
    assertThat(made).hasSize(AT_ONCE).containsOnly(made.getFirst());
  }

  @Test
  void the_key_of_another_owner_is_free() {
    var other = Leaks.someone();
    var theirs = other.call(() -> Leaks.created(tasks.create(other.id(), CONTENT, 10, KEY)));
    var own = owner.call(() -> Leaks.created(tasks.create(owner.id(), CONTENT, 10, KEY)));
    assertThat(own.id()).isNotEqualTo(theirs.id());
    assertThat(other.call(() -> Leaks.created(tasks.create(other.id(), CONTENT, 10, KEY))))
        .isEqualTo(theirs);
  }

  @Test
  void of_many_changes_from_one_version_one_is_done() throws Exception {
    var id = owner.call(() -> Leaks.created(tasks.create(owner.id(), CONTENT, 10)).id());
    var changes =
        atOnce(() -> tasks.replace(owner.id(), id, "{1}", new TaskContent("Bread", null, null)));
    assertThat(changes).filteredOn(change -> change instanceof Outcome.Done).hasSize(1);
    assertThat(changes).filteredOn(change -> change instanceof Outcome.Stale).hasSize(AT_ONCE - 1);
  }

  @Test
  void of_many_deletions_one_is_done() throws Exception {
    var id = owner.call(() -> Leaks.created(tasks.create(owner.id(), CONTENT, 10)).id());
    var changes = atOnce(() -> tasks.delete(owner.id(), id, null));
    assertThat(changes).filteredOn(change -> change instanceof Outcome.Done).hasSize(1);
    assertThat(changes)
        .filteredOn(change -> change instanceof Outcome.Missing)
        .hasSize(AT_ONCE - 1);
  }

  @Test
  void no_toggle_is_lost() throws Exception {
    var id = owner.call(() -> Leaks.created(tasks.create(owner.id(), CONTENT, 10)).id());
    atOnce(() -> tasks.complete(owner.id(), id, null, null));
    var task = owner.call(() -> Objects.requireNonNull(tasks.find(owner.id(), id)));
    assertThat(task.version()).isEqualTo(1 + AT_ONCE);
    assertThat(task.completed()).isFalse();
  }

  private static IdempotencyKey anotherKey() {
    return new IdempotencyKey(UUID.randomUUID().toString());
  }

  private <T> List<T> atOnce(Supplier<T> change) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running =
          IntStream.range(0, AT_ONCE)
              .mapToObj(i -> threads.submit(() -> owner.call(change::get)))
              .toList();
      List<T> changes = new ArrayList<>();
      for (var each : running) {
        changes.add(each.get());
      }
      return changes;
    }
  }

  @Test
  void a_search_reads_the_owners_rows_by_the_key() {
    List<String> sent = new ArrayList<>();
    var recorded =
        new MutatingDataSource(
            rows,
            sql -> {
              sent.add(sql);
              return sql;
            });
    var recordedTasks = new TaskRepository(JdbcClient.create(recorded));
    var fill =
        "insert into api.task (owner_id, title, description) select %s,"
            + " 'Caf\u00e9 ' || i, repeat('Stra\u00dfe und H\u00e4user ', 30)"
            + " from generate_series(1, 10000) as i";
    database.asSuperuser(
        fill.formatted("'" + owner.id() + "'::uuid"),
        fill.formatted("gen_random_uuid()"),
        "analyze api.task");
    var query = new TaskQuery(50, Cursor.START, TaskQuery.Status.ALL, "CAFE\u0301 1");
    owner.call(
        () -> {
          assertThat(recordedTasks.find(owner.id(), query).items()).hasSize(50);
          var nothing = new TaskQuery(50, Cursor.START, TaskQuery.Status.ALL, "\u00e4q");
          assertThat(recordedTasks.find(owner.id(), nothing).items()).isEmpty();

          var select = sent.getLast();
          select =
              select
                  .replace("cast(? as boolean)", "null::boolean")
                  .replace("cast(? as text)", "'x'::text");
          var plan =
              String.join(
                  "\n",
                  JdbcClient.create(rows)
                      .sql("explain (costs off) " + select)
                      .params(owner.id(), Cursor.START.before(), 51)
                      .query(String.class)
                      .list());
          assertThat(plan).contains("task_pkey", "owner_id").doesNotContain("Seq Scan");
          return true;
        });
  }
}
