/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import rowlock.api.isolation.TestDatabase;
import rowlock.api.owner.Owner;

/** The statements under competition and at their limits. */
class TaskStoreIT {

  private static final int AT_ONCE = 20;
  private static final TaskContent CONTENT = new TaskContent("Milk", null, null);

  private final TestDatabase database = TestDatabase.create();
  private final Owner owner = Leaks.someone();

  @AfterEach
  void close() {
    database.close();
  }

  private TaskStore store(int limit) {
    return new TaskStore(JdbcClient.create(database.dataSource()), new TaskSettings(limit));
  }

  @Test
  void an_owner_has_no_more_tasks_than_the_limit() {
    TaskStore tasks = store(2);
    owner.call(
        () -> {
          UUID first = tasks.create(owner.id(), CONTENT, null).orElseThrow().id();
          assertThat(tasks.create(owner.id(), CONTENT, null)).isPresent();
          assertThat(tasks.create(owner.id(), CONTENT, null)).isEmpty();
          tasks.delete(owner.id(), first, null);
          assertThat(tasks.create(owner.id(), CONTENT, null)).isPresent();
          return true;
        });
  }

  @Test
  void whoever_asks_again_gets_the_task_that_is_there_even_at_the_limit() {
    TaskStore tasks = store(1);
    String key = UUID.randomUUID().toString();
    owner.call(
        () -> {
          Task made = tasks.create(owner.id(), CONTENT, key).orElseThrow();
          assertThat(tasks.create(owner.id(), CONTENT, key)).contains(made);
          assertThat(tasks.create(owner.id(), CONTENT, UUID.randomUUID().toString())).isEmpty();
          tasks.delete(owner.id(), made.id(), null);
          assertThat(tasks.create(owner.id(), CONTENT, key)).isPresent();
          return true;
        });
  }

  @Test
  void of_many_creations_with_one_key_one_is_done() throws Exception {
    TaskStore tasks = store(10);
    String key = UUID.randomUUID().toString();
    List<Task> made = atOnce(() -> tasks.create(owner.id(), CONTENT, key).orElseThrow());
    assertThat(made).hasSize(AT_ONCE).containsOnly(made.getFirst());
  }

  @Test
  void the_key_of_somebody_else_is_free() {
    TaskStore tasks = store(10);
    Owner other = Leaks.someone();
    String key = UUID.randomUUID().toString();
    Task theirs = other.call(() -> tasks.create(other.id(), CONTENT, key).orElseThrow());
    Task own = owner.call(() -> tasks.create(owner.id(), CONTENT, key).orElseThrow());
    assertThat(own.id()).isNotEqualTo(theirs.id());
    assertThat(other.call(() -> tasks.create(other.id(), CONTENT, key))).contains(theirs);
  }

  @Test
  void of_many_changes_from_one_version_one_is_done() throws Exception {
    TaskStore tasks = store(10);
    UUID id = owner.call(() -> tasks.create(owner.id(), CONTENT, null).orElseThrow().id());
    List<TaskChange> changes =
        atOnce(() -> tasks.replace(owner.id(), id, "{1}", new TaskContent("Bread", null, null)));
    assertThat(changes).filteredOn(change -> change instanceof TaskChange.Done).hasSize(1);
    assertThat(changes)
        .filteredOn(change -> change instanceof TaskChange.Stale)
        .hasSize(AT_ONCE - 1);
  }

  @Test
  void of_many_deletions_one_is_done() throws Exception {
    TaskStore tasks = store(10);
    UUID id = owner.call(() -> tasks.create(owner.id(), CONTENT, null).orElseThrow().id());
    List<TaskChange> changes = atOnce(() -> tasks.delete(owner.id(), id, null));
    assertThat(changes).filteredOn(change -> change instanceof TaskChange.Done).hasSize(1);
    assertThat(changes)
        .filteredOn(change -> change instanceof TaskChange.Missing)
        .hasSize(AT_ONCE - 1);
  }

  @Test
  void no_toggle_is_lost() throws Exception {
    TaskStore tasks = store(10);
    UUID id = owner.call(() -> tasks.create(owner.id(), CONTENT, null).orElseThrow().id());
    atOnce(() -> tasks.complete(owner.id(), id, null, null));
    Task task = owner.call(() -> tasks.read(owner.id(), id).orElseThrow());
    assertThat(task.version()).isEqualTo(1 + AT_ONCE);
    assertThat(task.completed()).isFalse();
  }

  private <T> List<T> atOnce(Supplier<T> change) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> running =
          IntStream.range(0, AT_ONCE)
              .mapToObj(i -> threads.submit(() -> owner.call(change::get)))
              .toList();
      List<T> changes = new ArrayList<>();
      for (Future<T> each : running) {
        changes.add(each.get());
      }
      return changes;
    }
  }
}
