/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** All fragments in one. Remembers which file set what, to name both when two set the same. */
final class MergedRealm {
  private final ObjectNode content = JsonNodeFactory.instance.objectNode();
  private final Map<String, String> setBy = new HashMap<>();

  void add(Fragment fragment) {
    var list = fragment.list();
    if (list == null) {
      merge(content, fragment.content(), "", fragment.file());
      return;
    }
    if (!(content.get(list) instanceof ArrayNode)) {
      if (content.has(list)) {
        throw new RealmSourceException(
            fragment.file(), list + " is set in " + setBy.get(list) + " already");
      }
      content.putArray(list);
      setBy.put(list, fragment.file());
    }
    content.withArray("/" + list).add(fragment.content());
  }

  private void merge(ObjectNode into, ObjectNode from, String path, String file) {
    for (var member : from.properties()) {
      var name = path + member.getKey();
      var present = into.get(member.getKey());
      if (present == null) {
        into.set(member.getKey(), member.getValue());
        remember(member.getValue(), name, file);
      } else if (present instanceof ObjectNode common
          && member.getValue() instanceof ObjectNode more) {
        merge(common, more, name + ".", file);
      } else {
        throw new RealmSourceException(file, name + " is set in " + setBy.get(name) + " already");
      }
    }
  }

  private void remember(JsonNode node, String name, String file) {
    setBy.put(name, file);
    if (node instanceof ObjectNode object) {
      object
          .properties()
          .forEach(member -> remember(member.getValue(), name + "." + member.getKey(), file));
    }
  }

  /** Sorted by name, so that neither the order of files nor of lines in them shows. */
  String toJson() {
    var indent = new DefaultIndenter("  ", "\n");
    var printer = new DefaultPrettyPrinter().withObjectIndenter(indent).withArrayIndenter(indent);
    try {
      return new ObjectMapper().writer(printer).writeValueAsString(sorted(content)) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree of JSON nodes can always be written", e);
    }
  }

  private static JsonNode sorted(JsonNode node) {
    if (node instanceof ObjectNode object) {
      var names = new TreeMap<String, JsonNode>();
      object.properties().forEach(member -> names.put(member.getKey(), sorted(member.getValue())));
      return JsonNodeFactory.instance.objectNode().setAll(names);
    }
    if (node instanceof ArrayNode array) {
      var elements = JsonNodeFactory.instance.arrayNode();
      array.forEach(element -> elements.add(sorted(element)));
      return elements;
    }
    return node;
  }
}
