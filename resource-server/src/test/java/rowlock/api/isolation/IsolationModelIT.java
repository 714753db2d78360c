/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import rowlock.api.owner.Owner;
import rowlock.api.resource.Cursor;
import rowlock.api.resource.Outcome;
import rowlock.probe.Item;
import rowlock.probe.ItemStore;

/** Random operations of several users, each checked against a model of that user only. */
class IsolationModelIT {
  private static final int USERS = 6;
  private static final int OPERATIONS = 600;

  private final long seed = Long.getLong("rowlock.seed", System.nanoTime());
  private final MigratedDatabase database = MigratedDatabase.create(3);
  private final ItemStore items = new ItemStore(JdbcClient.create(database.dataSource()), 10_000);
  private final ConcurrentLinkedQueue<UUID> everyId = new ConcurrentLinkedQueue<>();

  @AfterEach
  void close() {
    database.close();
  }

  /** A user and the expected rows. */
  private final class User {
    private final Owner owner = ItemLeaks.someone();
    private final Random random;
    // The database orders ids as unsigned bytes, which is the order of their text.
    private final Map<UUID, Item> mine = new TreeMap<>(Comparator.comparing(UUID::toString));

    User(int number) {
      random = new Random(seed + number);
    }

    void step() {
      owner.call(
          () -> {
            switch (random.nextInt(7)) {
              case 0, 1 -> create();
              case 2 -> read(anyId());
              case 3, 4 -> replace(anyId());
              case 5 -> delete(anyId());
              default -> list();
            }
            return true;
          });
    }

    /** Ids of all users; mostly of other ones. */
    private UUID anyId() {
      List<UUID> ids = new ArrayList<>(random.nextBoolean() ? mine.keySet() : everyId);
      return ids.isEmpty() ? UUID.randomUUID() : ids.get(random.nextInt(ids.size()));
    }

    private String title() {
      return "title " + random.nextInt();
    }

    private void create() {
      var title = title();
      var item = items.create(owner.id(), title).created();
      assertThat(item.title()).isEqualTo(title);
      assertThat(mine.put(item.id(), item)).isNull();
      everyId.add(item.id());
    }

    private void read(UUID id) {
      assertThat(items.read(owner.id(), id)).isEqualTo(mine.get(id));
    }

    private void replace(UUID id) {
      var title = title();
      String versions = random.nextInt(3) > 0 ? null : random.nextBoolean() ? "{1}" : "{2,3}";
      var before = mine.get(id);
      switch (items.replace(owner.id(), id, versions, title)) {
        case Outcome.Missing<Item> missing -> assertThat(before).isNull();
        case Outcome.Stale<Item> stale ->
            assertThat(versions).doesNotContain(Long.toString(before.version()));
        case Outcome.Done<Item> done -> {
          assertThat(before).isNotNull();
          assertThat(done.resource()).isEqualTo(new Item(id, title, before.version() + 1));
          mine.put(id, done.resource());
        }
      }
    }

    private void delete(UUID id) {
      var change = items.delete(owner.id(), id, null);
      var before = mine.remove(id);
      assertThat(change)
          .isEqualTo(before == null ? new Outcome.Missing<>() : new Outcome.Done<>(before));
    }

    void list() {
      List<Item> seen = new ArrayList<>();
      var cursor = Cursor.START;
      while (cursor != null) {
        var page = items.list(owner.id(), 1 + random.nextInt(200), cursor);
        seen.addAll(page.items());
        cursor = page.nextCursor() == null ? null : Cursor.parse(page.nextCursor());
      }
      assertThat(seen.reversed()).isEqualTo(List.copyOf(mine.values()));
    }
  }

  private List<User> users() {
    System.out.println("IsolationModelIT: -Drowlock.seed=" + seed);
    List<User> users = new ArrayList<>();
    for (var i = 0; i < USERS; i++) {
      users.add(new User(i));
    }
    return users;
  }

  private static void everyViewEqualsItsModel(List<User> users) {
    for (var user : users) {
      user.owner.call(
          () -> {
            user.list();
            return true;
          });
    }
  }

  @Test
  void taking_turns_each_user_sees_their_own_items() {
    var users = users();
    var turns = new Random(seed);
    for (var i = 0; i < USERS * OPERATIONS; i++) {
      users.get(turns.nextInt(USERS)).step();
    }
    everyViewEqualsItsModel(users);
  }

  @Test
  void at_once_each_user_sees_their_own_items() throws Exception {
    var users = users();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (var user : users) {
        running.add(
            threads.submit(
                () -> {
                  for (var i = 0; i < OPERATIONS; i++) {
                    user.step();
                  }
                }));
      }
      for (var each : running) {
        each.get();
      }
    }
    everyViewEqualsItsModel(users);
  }
}
