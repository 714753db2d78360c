/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.TreeMap;

/**
 * Contains what the source states about a realm.
 *
 * @param content one realm representation; the settings of a component may be single values and
 *     objects
 * @param origins of the values
 * @param notes one sentence for each value that is missing, with what the realm lacks without it
 * @param secrets values that no output may contain
 */
public record DeclaredRealm(
    ObjectNode content, Origins origins, List<String> notes, SecretValues secrets) {

  /** Copies the list. */
  public DeclaredRealm {
    notes = List.copyOf(notes);
  }

  /** Returns the name of the realm. */
  public String name() {
    var name = content.path("realm").asText();
    if (name.isEmpty()) {
      throw new RealmSourceException("realm", "is not set in any file");
    }
    return name;
  }

  /**
   * Returns the JSON for an import, sorted by name, so that it does not depend on the order of
   * files and lines.
   */
  public String toJson() {
    var indent = new DefaultIndenter("  ", "\n");
    var printer = new DefaultPrettyPrinter().withObjectIndenter(indent).withArrayIndenter(indent);
    try {
      return new ObjectMapper()
              .writer(printer)
              .writeValueAsString(sorted(Fragment.componentSettingsAsText("", content)))
          + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Writing JSON failed", e);
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
