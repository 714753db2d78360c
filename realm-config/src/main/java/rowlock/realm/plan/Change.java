/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;
import rowlock.realm.model.ObjectKey;

/**
 * Describes the change of one object.
 *
 * @param key of the object
 * @param action on the object
 * @param differences of its fields; none for a removal
 * @param manual the reason why only an operator can make the change; null if {@code apply} makes it
 */
public record Change(
    ObjectKey key, Action action, List<Difference> differences, @Nullable String manual) {

  /** The action on an object. */
  public enum Action {
    /** The server does not have the object. */
    CREATE,
    /** Declared fields differ. */
    UPDATE,
    /** The source no longer declares the object. */
    REMOVE
  }

  /** Copies the list. */
  public Change {
    differences = List.copyOf(differences);
  }
}
