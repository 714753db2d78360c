/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import rowlock.api.isolation.TestDatabase;
import rowlock.api.owner.Owner;
import rowlock.api.resource.Cursor;
import rowlock.api.resource.Outcome;

/** Random operations of several users, each against a model that knows nothing of the others. */
class IsolationModelIT {

  private static final int USERS = 6;
  private static final int OPERATIONS = 600;

  private final long seed = Long.getLong("rowlock.seed", System.nanoTime());
  private final TestDatabase database = TestDatabase.create(3);
  private final TaskRepository tasks = TaskRepositories.on(database.dataSource());
  private final ConcurrentLinkedQueue<UUID> everyId = new ConcurrentLinkedQueue<>();

  @AfterEach
  void close() {
    database.close();
  }

  /** One user and what they believe to have. */
  private final class User {
    private final Owner owner = Leaks.someone();
    private final Random random;
    // The database orders ids as unsigned bytes, which is the order of their text.
    private final Map<UUID, Task> mine = new TreeMap<>(Comparator.comparing(UUID::toString));

    User(int number) {
      random = new Random(seed + number);
    }

    void step() {
      owner.call(
          () -> {
            switch (random.nextInt(8)) {
              case 0, 1 -> create();
              case 2 -> read(anyId());
              case 3, 4 -> replace(anyId());
              case 5 -> complete(anyId());
              case 6 -> delete(anyId());
              default -> list();
            }
            return true;
          });
    }

    /** Of anybody; mostly of somebody else. */
    private UUID anyId() {
      List<UUID> ids = new ArrayList<>(random.nextBoolean() ? mine.keySet() : everyId);
      return ids.isEmpty() ? UUID.randomUUID() : ids.get(random.nextInt(ids.size()));
    }

    private TaskContent content() {
      return new TaskContent(
          "title " + random.nextInt(),
          random.nextBoolean() ? null : "description " + random.nextInt(),
          random.nextBoolean() ? null : (Boolean) random.nextBoolean());
    }

    private void create() {
      TaskContent content = content();
      Task task = Leaks.created(tasks.create(owner.id(), content, 10_000));
      assertThat(task.title()).isEqualTo(content.title());
      assertThat(mine.put(task.id(), task)).isNull();
      everyId.add(task.id());
    }

    private void read(UUID id) {
      assertThat(tasks.find(owner.id(), id)).isEqualTo(Optional.ofNullable(mine.get(id)));
    }

    private void replace(UUID id) {
      TaskContent content = content();
      String versions = random.nextInt(3) > 0 ? null : random.nextBoolean() ? "{1}" : "{2,3}";
      Task before = mine.get(id);
      switch (tasks.replace(owner.id(), id, versions, content)) {
        case Outcome.Missing<Task> missing -> assertThat(before).isNull();
        case Outcome.Stale<Task> stale ->
            assertThat(versions).doesNotContain(Long.toString(before.version()));
        case Outcome.Done<Task> done -> {
          Task task = done.resource();
          assertThat(before).isNotNull();
          assertThat(task.title()).isEqualTo(content.title());
          assertThat(task.description()).isEqualTo(content.description());
          assertThat(task.completed())
              .isEqualTo(content.completed() == null ? before.completed() : content.completed());
          assertThat(task.version()).isEqualTo(before.version() + 1);
          mine.put(id, task);
        }
      }
    }

    private void complete(UUID id) {
      Boolean completed = random.nextBoolean() ? null : (Boolean) random.nextBoolean();
      Task before = mine.get(id);
      Outcome<Task> change = tasks.complete(owner.id(), id, null, completed);
      if (before == null) {
        assertThat(change).isInstanceOf(Outcome.Missing.class);
      } else {
        Task task = ((Outcome.Done<Task>) change).resource();
        assertThat(task.completed()).isEqualTo(completed == null ? !before.completed() : completed);
        mine.put(id, task);
      }
    }

    private void delete(UUID id) {
      Outcome<Task> change = tasks.delete(owner.id(), id, null);
      Task before = mine.remove(id);
      assertThat(change)
          .isEqualTo(before == null ? new Outcome.Missing<>() : new Outcome.Done<>(before));
    }

    void list() {
      List<Task> seen = new ArrayList<>();
      Cursor cursor = Cursor.START;
      while (cursor != null) {
        TaskPage page =
            tasks.find(
                owner.id(),
                new TaskQuery(1 + random.nextInt(200), cursor, TaskQuery.Status.ALL, null));
        seen.addAll(page.items());
        cursor = page.nextCursor() == null ? null : Cursor.parse(page.nextCursor()).orElseThrow();
      }
      assertThat(seen.reversed()).isEqualTo(List.copyOf(mine.values()));
    }
  }

  private List<User> users() {
    System.out.println("IsolationModelIT: -Drowlock.seed=" + seed);
    List<User> users = new ArrayList<>();
    for (int i = 0; i < USERS; i++) {
      users.add(new User(i));
    }
    return users;
  }

  private static void everyViewEqualsItsModel(List<User> users) {
    for (User user : users) {
      user.owner.call(
          () -> {
            user.list();
            return true;
          });
    }
  }

  @Test
  void taking_turns_each_user_sees_their_own_tasks() {
    List<User> users = users();
    Random turns = new Random(seed);
    for (int i = 0; i < USERS * OPERATIONS; i++) {
      users.get(turns.nextInt(USERS)).step();
    }
    everyViewEqualsItsModel(users);
  }

  @Test
  void at_once_each_user_sees_their_own_tasks() throws Exception {
    List<User> users = users();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (User user : users) {
        running.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < OPERATIONS; i++) {
                    user.step();
                  }
                }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
    everyViewEqualsItsModel(users);
  }
}
