/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.source;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * States when a file belongs to the realm: {@code when: NAME}, or a list of names, requires that
 * these values are set. {@code otherwise} states in one sentence what the realm lacks without them.
 *
 * @param names all of which must be set; none for a file that always belongs to the realm
 * @param otherwise empty if no note is needed
 */
record Condition(List<String> names, String otherwise) {
  private static final String NAMES = "when";
  private static final String OTHERWISE = "otherwise";

  /** Removes the condition from the content of a file and returns it. */
  static Condition takeFrom(ObjectNode content) {
    var names = new ArrayList<String>();
    var when = content.remove(NAMES);
    if (when != null && when.isArray()) {
      when.forEach(name -> names.add(name.asText()));
    } else if (when != null) {
      names.add(when.asText());
    }
    var otherwise = content.remove(OTHERWISE);
    return new Condition(List.copyOf(names), otherwise == null ? "" : otherwise.asText());
  }

  boolean holds(Map<String, String> values) {
    return missing(values).isEmpty();
  }

  /** Returns the note about the missing values, or null if the condition holds or has no note. */
  @Nullable String note(Map<String, String> values) {
    return holds(values) || otherwise.isEmpty()
        ? null
        : String.join(", ", missing(values)) + " is not set: " + otherwise;
  }

  private List<String> missing(Map<String, String> values) {
    return names.stream().filter(name -> values.getOrDefault(name, "").isBlank()).toList();
  }
}
