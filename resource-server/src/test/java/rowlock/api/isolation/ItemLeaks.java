/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import rowlock.api.owner.Owner;
import rowlock.api.resource.Cursor;
import rowlock.api.resource.IdempotencyKey;
import rowlock.api.resource.Outcome;
import rowlock.probe.Item;
import rowlock.probe.ItemCreation;
import rowlock.probe.ItemStore;

/** Tries all operations of the store on the items of another owner. */
final class ItemLeaks {
  /** The maximum number of items of one owner. */
  static final int LIMIT = 3;

  private ItemLeaks() {}

  static Owner someone() {
    return new Owner(UUID.randomUUID(), UUID.randomUUID().toString(), "client", Instant.now());
  }

  /** Returns the operations through which one owner saw, changed or noticed the other's items. */
  static List<String> find(ItemStore items) {
    var victim = someone();
    var thief = someone();
    List<String> leaks = new ArrayList<>();

    List<Item> theirs = new ArrayList<>();
    for (var i = 0; i < LIMIT; i++) {
      var title = "secret " + i;
      var key = new IdempotencyKey("key-" + i);
      theirs.add(victim.call(() -> items.create(victim.id(), title, key).created()));
    }
    thief.call(
        () -> {
          if (items.create(thief.id(), "mine") instanceof ItemCreation.LimitReached) {
            leaks.add("create"); // the other's items were counted
          }
          for (var i = 0; i < 2; i++) {
            var title = i == 0 ? "secret 0" : "mine";
            var creation = items.create(thief.id(), title, new IdempotencyKey("key-" + i));
            if (!(creation instanceof ItemCreation.Created own) || theirs.contains(own.item())) {
              leaks.add("create with a key"); // the other's record was found
            }
          }
          if (items.list(thief.id(), 200, Cursor.START).items().stream()
              .anyMatch(theirs::contains)) {
            leaks.add("list");
          }
          if (items.read(thief.id(), theirs.get(0).id()) != null) {
            leaks.add("read");
          }
          if (!isMissing(items.replace(thief.id(), theirs.get(0).id(), null, "stolen"))
              | !isMissing(items.replace(thief.id(), theirs.get(0).id(), "{9}", "stolen"))) {
            leaks.add("replace");
          }
          if (!isMissing(items.delete(thief.id(), theirs.get(2).id(), "{9}"))
              | !isMissing(items.delete(thief.id(), theirs.get(2).id(), null))) {
            leaks.add("delete");
          }
          return true;
        });
    var left = victim.call(() -> items.list(victim.id(), 200, Cursor.START).items());
    if (leaks.isEmpty() && !left.equals(theirs.reversed())) {
      leaks.add("the other's items are not as they were");
    }
    return leaks;
  }

  private static boolean isMissing(Outcome<Item> change) {
    return change instanceof Outcome.Missing;
  }
}
