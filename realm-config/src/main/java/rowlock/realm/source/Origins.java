/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.source;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Knows the place of each value in the source. A value is named by the object or list that contains
 * it, compared by identity, because equal values can stand in several places.
 */
public final class Origins {
  private final IdentityHashMap<JsonNode, Map<String, Origin>> places = new IdentityHashMap<>();

  Origins() {}

  void put(JsonNode container, String name, @Nullable Origin origin) {
    if (origin != null) {
      places.computeIfAbsent(container, added -> new HashMap<>()).put(name, origin);
    }
  }

  /** Returns the place of a member; null if the source does not contain it. */
  public @Nullable Origin of(JsonNode container, String name) {
    var members = places.get(container);
    return members == null ? null : members.get(name);
  }

  /** Returns the place of an element; null if the source does not contain it. */
  public @Nullable Origin of(JsonNode container, int index) {
    return of(container, Integer.toString(index));
  }

  /** Gives a member of a new object the place of the value that it was made from. */
  public void copy(JsonNode built, String name, JsonNode original, String originalName) {
    put(built, name, of(original, originalName));
  }
}
