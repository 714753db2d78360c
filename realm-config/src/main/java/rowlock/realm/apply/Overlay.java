/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts declared fields over an object of the server. Fields that the source does not state keep
 * their values. A list is replaced; elements of a list with names keep their undeclared fields.
 */
final class Overlay {
  private static final String NAME = "name";

  private Overlay() {}

  /**
   * Returns a copy of the server's object with the declared fields, except those that are named.
   */
  static ObjectNode of(JsonNode server, ObjectNode declared, Set<String> except) {
    var result =
        server instanceof ObjectNode object
            ? object.deepCopy()
            : JsonNodeFactory.instance.objectNode();
    for (var member : declared.properties()) {
      if (!except.contains(member.getKey())) {
        set(result, member.getKey(), member.getValue());
      }
    }
    return result;
  }

  static ObjectNode of(JsonNode server, ObjectNode declared) {
    return of(server, declared, Set.of());
  }

  private static void set(ObjectNode result, String name, JsonNode declared) {
    var present = result.get(name);
    if (declared instanceof ObjectNode members && present instanceof ObjectNode) {
      result.set(name, of(present, members));
    } else if (declared instanceof ArrayNode list && list.path(0).has(NAME)) {
      result.set(name, elements(present, list));
    } else {
      result.set(name, declared.deepCopy());
    }
  }

  private static ArrayNode elements(@Nullable JsonNode present, ArrayNode declared) {
    var elements = JsonNodeFactory.instance.arrayNode();
    for (var element : declared) {
      elements.add(of(named(present, element.path(NAME).asText()), (ObjectNode) element));
    }
    return elements;
  }

  private static JsonNode named(@Nullable JsonNode list, String name) {
    if (list instanceof ArrayNode array) {
      for (var element : array) {
        if (element.path(NAME).asText().equals(name)) {
          return element;
        }
      }
    }
    return JsonNodeFactory.instance.missingNode();
  }
}
