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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Merges all fragments. It records the file of each value, to name both files if two set the same
 * value. Two files may set different properties of one list element (an attribute of the user
 * profile, for example) if it has a name. A password policy may be spread over files.
 */
final class MergedRealm {
  private static final String PASSWORD_POLICY = "passwordPolicy";
  private static final List<String> IDENTITIES =
      List.of("alias", "clientId", "name", "providerId", "client", "clientScope");

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
    remember(fragment.content(), pathOf(list, fragment.content()), fragment.file());
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
      } else if (present instanceof ArrayNode list
          && member.getValue() instanceof ArrayNode more
          && haveIdentities(list)
          && haveIdentities(more)) {
        mergeElements(list, more, name, file);
      } else if (name.equals(PASSWORD_POLICY)) {
        into.put(name, present.asText() + " and " + member.getValue().asText());
      } else {
        throw new RealmSourceException(file, name + " is set in " + setBy.get(name) + " already");
      }
    }
  }

  private void mergeElements(ArrayNode into, ArrayNode from, String name, String file) {
    for (var element : from) {
      var path = pathOf(name, element);
      var present = find(into, identityOf(element));
      if (present == null) {
        into.add(element);
        remember(element, path, file);
      } else {
        var more = ((ObjectNode) element).deepCopy();
        IDENTITIES.stream()
            .filter(key -> more.path(key).equals(present.path(key)))
            .forEach(more::remove);
        merge(present, more, path + ".", file);
      }
    }
  }

  private static @Nullable ObjectNode find(ArrayNode list, @Nullable String identity) {
    for (var element : list) {
      if (element instanceof ObjectNode object && Objects.equals(identityOf(object), identity)) {
        return object;
      }
    }
    return null;
  }

  private static boolean haveIdentities(ArrayNode list) {
    for (var element : list) {
      if (identityOf(element) == null) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable String identityOf(JsonNode element) {
    return IDENTITIES.stream()
        .map(key -> element.path(key).textValue())
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private static String pathOf(String list, JsonNode element) {
    return list + "[" + identityOf(element) + "]";
  }

  private void remember(JsonNode node, String name, String file) {
    setBy.put(name, file);
    if (node instanceof ArrayNode array) {
      array.forEach(element -> remember(element, pathOf(name, element), file));
    }
    if (node instanceof ObjectNode object) {
      object
          .properties()
          .forEach(member -> remember(member.getValue(), name + "." + member.getKey(), file));
    }
  }

  /**
   * Returns the JSON sorted by name, so that it does not depend on the order of files and lines.
   */
  String toJson() {
    var indent = new DefaultIndenter("  ", "\n");
    var printer = new DefaultPrettyPrinter().withObjectIndenter(indent).withArrayIndenter(indent);
    try {
      return new ObjectMapper().writer(printer).writeValueAsString(sorted(complete())) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Writing JSON failed", e);
    }
  }

  private ObjectNode complete() {
    return new Fragment("", Fragment.Kind.REALM, Condition.takeFrom(content), content)
        .withComponentSettingsAsText()
        .content();
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
