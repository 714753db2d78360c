/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import rowlock.api.owner.Owner;
import rowlock.api.resource.Cursor;
import rowlock.api.resource.IdempotencyKey;
import rowlock.api.resource.Outcome;

/** Tries all operations of the repository on the tasks of another owner. */
final class Leaks {
  private static final int LIMIT = 3;

  private Leaks() {}

  static Owner someone() {
    return new Owner(UUID.randomUUID(), UUID.randomUUID().toString(), "client", Instant.now());
  }

  /** Returns the operations through which one owner saw, changed or noticed the other's tasks. */
  static List<String> find(TaskRepository tasks) {
    var victim = someone();
    var thief = someone();
    List<String> leaks = new ArrayList<>();

    List<Task> theirs = new ArrayList<>();
    for (var i = 0; i < LIMIT; i++) {
      var content = new TaskContent("secret " + i, null, null);
      var key = new IdempotencyKey("key-" + i);
      theirs.add(victim.call(() -> created(tasks.create(victim.id(), content, LIMIT, key))));
    }
    thief.call(
        () -> {
          var mine = new TaskContent("mine", null, null);
          if (tasks.create(thief.id(), mine, LIMIT) instanceof TaskCreation.LimitReached) {
            leaks.add("create"); // the others' tasks were counted
          }
          for (var i = 0; i < 2; i++) {
            var known = new TaskContent("secret 0", null, null);
            var content = i == 0 ? known : mine;
            var creation = tasks.create(thief.id(), content, LIMIT, new IdempotencyKey("key-" + i));
            if (!(creation instanceof TaskCreation.Created own) || theirs.contains(own.task())) {
              leaks.add("create with a key"); // the other's record was found
            }
          }
          var page =
              tasks.find(thief.id(), new TaskQuery(200, Cursor.START, TaskQuery.Status.ALL, null));
          if (page.items().stream().anyMatch(theirs::contains)) {
            leaks.add("list");
          }
          if (tasks.find(thief.id(), theirs.get(0).id()) != null) {
            leaks.add("read");
          }
          var stolen = new TaskContent("stolen", null, null);
          if (!isMissing(tasks.replace(thief.id(), theirs.get(0).id(), null, stolen))
              | !isMissing(tasks.replace(thief.id(), theirs.get(0).id(), "{9}", stolen))) {
            leaks.add("replace");
          }
          if (!isMissing(tasks.complete(thief.id(), theirs.get(1).id(), null, true))
              | !isMissing(tasks.complete(thief.id(), theirs.get(1).id(), "{9}", null))) {
            leaks.add("complete");
          }
          if (!isMissing(tasks.delete(thief.id(), theirs.get(2).id(), "{9}"))
              | !isMissing(tasks.delete(thief.id(), theirs.get(2).id(), null))) {
            leaks.add("delete");
          }
          return true;
        });
    var left = victim.call(() -> all(tasks, victim));
    thief.call(
        () -> {
          tasks.deleteAll(thief.id());
          return true;
        });
    if (victim.call(() -> all(tasks, victim)).size() < left.size()) {
      leaks.add("delete all");
    }
    if (leaks.isEmpty() && !left.equals(theirs.reversed())) {
      leaks.add("the other's tasks are not as they were");
    }
    return leaks;
  }

  /** Returns the task of a creation that must have succeeded. */
  static Task created(TaskCreation creation) {
    if (creation instanceof TaskCreation.Created created) {
      return created.task();
    }
    throw new AssertionError(creation);
  }

  private static List<Task> all(TaskRepository tasks, Owner owner) {
    return tasks
        .find(owner.id(), new TaskQuery(200, Cursor.START, TaskQuery.Status.ALL, null))
        .items();
  }

  private static boolean isMissing(Outcome<Task> change) {
    return change instanceof Outcome.Missing;
  }
}
