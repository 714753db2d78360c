/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.task;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import rowlock.api.owner.Owner;

/** Tries everything that the store can do on the tasks of somebody else. */
final class Leaks {

  private static final int LIMIT = 3;

  private Leaks() {}

  static Owner someone() {
    return new Owner(UUID.randomUUID(), UUID.randomUUID().toString(), "client", Instant.now());
  }

  /** The operations through which one user saw, changed or even noticed the other's tasks. */
  static List<String> find(TaskStore tasks) {
    Owner victim = someone();
    Owner thief = someone();
    List<String> leaks = new ArrayList<>();

    List<Task> theirs = new ArrayList<>();
    for (int i = 0; i < LIMIT; i++) {
      TaskContent content = new TaskContent("secret " + i, null, null);
      theirs.add(victim.call(() -> tasks.create(victim.id(), content, null).orElseThrow()));
    }
    thief.call(
        () -> {
          if (tasks.create(thief.id(), new TaskContent("mine", null, null), null).isEmpty()) {
            leaks.add("create"); // the others' tasks were counted
          }
          TaskPage page =
              tasks.list(
                  thief.id(), new TaskQuery(200, TaskCursor.START, TaskQuery.Status.ALL, null));
          if (page.items().stream().anyMatch(task -> task.title().startsWith("secret"))) {
            leaks.add("list");
          }
          if (tasks.read(thief.id(), theirs.get(0).id()).isPresent()) {
            leaks.add("read");
          }
          TaskContent stolen = new TaskContent("stolen", null, null);
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
    List<Task> left =
        victim.call(
            () ->
                tasks
                    .list(
                        victim.id(),
                        new TaskQuery(200, TaskCursor.START, TaskQuery.Status.ALL, null))
                    .items());
    if (leaks.isEmpty() && !left.equals(theirs.reversed())) {
      leaks.add("the other's tasks are not as they were");
    }
    return leaks;
  }

  static TaskSettings limit() {
    return new TaskSettings(LIMIT);
  }

  private static boolean isMissing(TaskChange change) {
    return change instanceof TaskChange.Missing;
  }
}
