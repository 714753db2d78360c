/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import rowlock.realm.model.RealmObject;
import rowlock.realm.source.Origin;
import rowlock.realm.source.Origins;

/**
 * Compares the declared fields of one object with the server.
 *
 * <ul>
 *   <li>A field that the source does not state is not compared.
 *   <li>A list in an object is stated as a whole: an element that only the server has is a
 *       difference. Its order counts only where it has a meaning for Keycloak.
 *   <li>Numbers and truth values equal their texts, because Keycloak stores many of them as texts.
 *   <li>Missing, null and empty are the same.
 *   <li>Objects that Keycloak stores as one document are stated as a whole.
 * </ul>
 */
final class Comparison {
  /** Lists whose order has a meaning. */
  private static final Set<String> ORDERED =
      Set.of(
          "steps",
          "executors",
          "profiles",
          "webAuthnPolicySignatureAlgorithms",
          "webAuthnPolicyPasswordlessSignatureAlgorithms");

  /** Lists whose order has a meaning in a document: fields of a form, conditions of a policy. */
  private static final Set<String> ORDERED_IN_DOCUMENT =
      Set.of("attributes", "groups", "conditions");

  /** Members that are stated as a whole, because another role in them is another permission. */
  private static final Set<String> WHOLE = Set.of("composites", "clientRoles");

  /** In these, an empty object has a meaning: the validator without settings. */
  private static final Set<String> EMPTY_COUNTS = Set.of("validations");

  /** Members that name an element of a list, in the order in which they are looked for. */
  private static final List<String> IDENTITIES =
      List.of("name", "alias", "clientId", "authenticator", "executor", "condition");

  /** Members of the representations that repeat other members, or that only an import knows. */
  private static final Set<String> NOT_COMPARED =
      Set.of("id", "internalId", "composite", "topLevel", "builtIn");

  private static final String PASSWORD_POLICY = "passwordPolicy";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Origins origins;
  private final SecretFields secrets;
  private final RealmObject object;
  private final List<Difference> differences = new ArrayList<>();

  private Comparison(Origins origins, SecretFields secrets, RealmObject object) {
    this.origins = origins;
    this.secrets = secrets;
    this.object = object;
  }

  /**
   * Returns the differences of one object.
   *
   * @param server the same object on the server; empty to list all that is declared
   */
  static List<Difference> of(
      RealmObject declared, JsonNode server, Origins origins, SecretFields secrets) {
    var comparison = new Comparison(origins, secrets, declared);
    comparison.objects("", declared.content(), server, declared.key().kind().isDocument());
    return comparison.differences;
  }

  /** Returns the place of an object: that of the first of its members that has one. */
  static @Nullable Origin originOf(RealmObject declared, Origins origins) {
    return declared.content().properties().stream()
        .map(member -> origins.of(declared.content(), member.getKey()))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private void objects(String path, ObjectNode declared, JsonNode server, boolean whole) {
    for (var member : declared.properties()) {
      var name = member.getKey();
      if (!NOT_COMPARED.contains(name) && !member.getValue().isNull()) {
        var inner = path.isEmpty() ? name : path + "." + name;
        var emptyCounts = EMPTY_COUNTS.contains(lastOf(path));
        compare(
            new Field(inner, name, origins.of(declared, name), whole || WHOLE.contains(name)),
            member.getValue(),
            server.path(name),
            emptyCounts);
      }
    }
    if (whole) {
      for (var member : server.properties()) {
        if (!declared.has(member.getKey())
            && !NOT_COMPARED.contains(member.getKey())
            && (EMPTY_COUNTS.contains(lastOf(path)) || !isDefault(member.getValue()))) {
          var inner = path.isEmpty() ? member.getKey() : path + "." + member.getKey();
          differences.add(new Difference(inner, "not declared", null, null));
        }
      }
    }
  }

  private record Field(String path, String name, @Nullable Origin origin, boolean whole) {}

  private void compare(Field field, JsonNode declared, JsonNode server, boolean emptyCounts) {
    if (secrets.isSecret(field.name(), declared)) {
      secret(field, declared, server);
    } else if (declared instanceof ObjectNode members) {
      if (members.isEmpty() && emptyCounts && server.isMissingNode()) {
        differences.add(new Difference(field.path(), null, "{}", field.origin()));
      }
      objects(field.path(), members, server, field.whole());
    } else if (declared instanceof ArrayNode list && isOfObjects(list, server)) {
      elements(field, list, server);
    } else if (declared instanceof ArrayNode || server instanceof ArrayNode) {
      values(field, declared, server);
    } else if (!sameText(field.name(), declared, server)) {
      different(field, textOf(server), textOf(declared));
    }
  }

  private void secret(Field field, JsonNode declared, JsonNode server) {
    var known = secrets.isKnownToDiffer(object.key(), field.path(), declared);
    if (isEmpty(server) || known) {
      differences.add(
          new Difference(
              field.path(),
              isEmpty(server) ? null : SecretFields.MASK,
              known ? SecretFields.CHANGED_MASK : SecretFields.MASK,
              field.origin()));
    }
  }

  /** Lists of texts; a single value is a list of one. */
  private void values(Field field, JsonNode declared, JsonNode server) {
    var ordered = ORDERED.contains(field.name());
    var stated = ordered ? texts(declared) : sorted(texts(declared));
    var found = ordered ? texts(server) : sorted(texts(server));
    if (!stated.equals(found) && !sameJson(stated, found)) {
      different(field, listOf(found), listOf(stated));
    }
  }

  private void elements(Field field, ArrayNode declared, JsonNode server) {
    if (isSequence(field)) {
      sequence(field, declared, server);
      return;
    }
    var found = byIdentity(server);
    for (var index = 0; index < declared.size(); index++) {
      var element = (ObjectNode) declared.get(index);
      var identity = identityOf(element);
      var path = field.path() + "[" + identity + "]";
      var present = found.remove(identity);
      if (present == null) {
        differences.add(new Difference(path, null, "added", originOf(declared, index, element)));
      }
      objects(
          path,
          element,
          present == null ? JsonNodeFactory.instance.missingNode() : present,
          field.whole());
    }
    for (var identity : found.keySet()) {
      differences.add(
          new Difference(field.path() + "[" + identity + "]", "not declared", null, null));
    }
  }

  /** In a sequence the position of an element counts: steps of a flow, executors of a profile. */
  private void sequence(Field field, ArrayNode declared, JsonNode server) {
    var stated = identities(declared);
    var found = identities(server);
    if (!stated.equals(found)) {
      different(field, listOf(found), listOf(stated));
      return;
    }
    for (var index = 0; index < declared.size(); index++) {
      objects(
          field.path() + "[" + stated.get(index) + "]",
          (ObjectNode) declared.get(index),
          server.path(index),
          field.whole());
    }
  }

  private boolean isSequence(Field field) {
    return ORDERED.contains(field.name())
        || (field.whole() && ORDERED_IN_DOCUMENT.contains(field.name()));
  }

  private @Nullable Origin originOf(ArrayNode list, int index, ObjectNode element) {
    var origin = origins.of(list, index);
    return origin == null ? originOf(new RealmObject(object.key(), element), origins) : origin;
  }

  private void different(Field field, @Nullable String server, @Nullable String declared) {
    differences.add(new Difference(field.path(), server, declared, field.origin()));
  }

  private static boolean isOfObjects(ArrayNode declared, JsonNode server) {
    return declared.path(0).isObject() || (declared.isEmpty() && server.path(0).isObject());
  }

  private static List<String> identities(JsonNode list) {
    return stream(list).map(Comparison::identityOf).toList();
  }

  private static Map<String, JsonNode> byIdentity(JsonNode list) {
    Map<String, JsonNode> found = new LinkedHashMap<>();
    list.forEach(element -> found.put(identityOf(element), element));
    return found;
  }

  /** A step that is only a flow is named by the flow. */
  static String identityOf(JsonNode element) {
    var flow = element.path("flow").path("alias").asText();
    var name =
        IDENTITIES.stream()
            .map(member -> element.path(member).asText())
            .filter(text -> !text.isEmpty())
            .findFirst()
            .orElse("");
    return Stream.of(name, flow).filter(text -> !text.isEmpty()).collect(Collectors.joining(" "));
  }

  private static boolean sameText(String name, JsonNode declared, JsonNode server) {
    var stated = textOf(declared);
    var found = textOf(server);
    return Objects.equals(stated, found)
        || (name.equals(PASSWORD_POLICY) && policies(stated).equals(policies(found)))
        || (stated != null && found != null && sameJson(List.of(stated), List.of(found)));
  }

  private static Set<String> policies(@Nullable String text) {
    return text == null ? Set.of() : new TreeSet<>(List.of(text.split("\\s+and\\s+", -1)));
  }

  /** A setting can be JSON in a text. Its spaces and the order of its members do not count. */
  private static boolean sameJson(List<String> stated, List<String> found) {
    if (stated.size() != 1 || found.size() != 1) {
      return false;
    }
    var one = json(stated.getFirst());
    return one != null && one.equals(json(found.getFirst()));
  }

  private static @Nullable JsonNode json(String text) {
    if (!text.startsWith("{") && !text.startsWith("[")) {
      return null;
    }
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private static List<String> texts(JsonNode value) {
    return value.isArray()
        ? stream(value).map(JsonNode::asText).toList()
        : isEmpty(value) ? List.of() : List.of(value.asText());
  }

  private static List<String> sorted(List<String> texts) {
    return List.copyOf(new TreeSet<>(texts));
  }

  private static @Nullable String listOf(List<String> texts) {
    return texts.isEmpty() ? null : "[" + String.join(", ", texts) + "]";
  }

  private static @Nullable String textOf(JsonNode value) {
    if (isEmpty(value)) {
      return null;
    }
    return value.isContainerNode() ? value.toString() : value.asText();
  }

  private static boolean isEmpty(JsonNode value) {
    return value.isMissingNode()
        || value.isNull()
        || (value.isContainerNode() && value.isEmpty())
        || (value.isTextual() && value.textValue().isEmpty());
  }

  private static boolean isDefault(JsonNode value) {
    return isEmpty(value) || (value.isBoolean() && !value.booleanValue());
  }

  private static String lastOf(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  private static Stream<JsonNode> stream(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }
}
