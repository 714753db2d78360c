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
          UUID first = tasks.create(owner.id(), CONTENT).orElseThrow().id();
          assertThat(tasks.create(owner.id(), CONTENT)).isPresent();
          assertThat(tasks.create(owner.id(), CONTENT)).isEmpty();
          tasks.delete(owner.id(), first, null);
          assertThat(tasks.create(owner.id(), CONTENT)).isPresent();
          return true;
        });
  }

  @Test
  void of_many_changes_from_one_version_one_is_done() throws Exception {
    TaskStore tasks = store(10);
    UUID id = owner.call(() -> tasks.create(owner.id(), CONTENT).orElseThrow().id());
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
    UUID id = owner.call(() -> tasks.create(owner.id(), CONTENT).orElseThrow().id());
    List<TaskChange> changes = atOnce(() -> tasks.delete(owner.id(), id, null));
    assertThat(changes).filteredOn(change -> change instanceof TaskChange.Done).hasSize(1);
    assertThat(changes)
        .filteredOn(change -> change instanceof TaskChange.Missing)
        .hasSize(AT_ONCE - 1);
  }

  @Test
  void no_toggle_is_lost() throws Exception {
    TaskStore tasks = store(10);
    UUID id = owner.call(() -> tasks.create(owner.id(), CONTENT).orElseThrow().id());
    atOnce(() -> tasks.complete(owner.id(), id, null, null));
    Task task = owner.call(() -> tasks.read(owner.id(), id).orElseThrow());
    assertThat(task.version()).isEqualTo(1 + AT_ONCE);
    assertThat(task.completed()).isFalse();
  }

  private List<TaskChange> atOnce(Supplier<TaskChange> change) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<TaskChange>> running =
          IntStream.range(0, AT_ONCE)
              .mapToObj(i -> threads.submit(() -> owner.call(change::get)))
              .toList();
      List<TaskChange> changes = new ArrayList<>();
      for (Future<TaskChange> each : running) {
        changes.add(each.get());
      }
      return changes;
    }
  }
}
