/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
  private final Map<String, Origin> setBy = new HashMap<>();

  void add(Fragment fragment) {
    var list = fragment.list();
    if (list == null) {
      merge(content, fragment.content(), "", new Place(fragment, ""));
      return;
    }
    if (!(content.get(list) instanceof ArrayNode)) {
      if (content.has(list)) {
        throw setAlready(fragment.file(), list);
      }
      content.putArray(list);
      setBy.put(list, fragment.lines().at(""));
    }
    content.withArray("/" + list).add(fragment.content());
    remember(fragment.content(), pathOf(list, fragment.content(), 0), new Place(fragment, ""));
  }

  /** Names a value in a fragment. */
  private record Place(Fragment fragment, String pointer) {
    Place in(String name) {
      return new Place(fragment, pointer + "/" + name);
    }

    Place in(int index) {
      return in(Integer.toString(index));
    }

    Origin origin() {
      return fragment.lines().at(pointer);
    }

    String file() {
      return fragment.file();
    }
  }

  private RealmSourceException setAlready(String file, String name) {
    var before = setBy.get(name);
    return new RealmSourceException(
        file, name + " is set in " + (before == null ? "a file" : before.file()) + " already");
  }

  private void merge(ObjectNode into, ObjectNode from, String path, Place place) {
    for (var member : from.properties()) {
      var name = path + member.getKey();
      var present = into.get(member.getKey());
      var inner = place.in(member.getKey());
      if (present == null) {
        into.set(member.getKey(), member.getValue());
        remember(member.getValue(), name, inner);
      } else if (present instanceof ObjectNode common
          && member.getValue() instanceof ObjectNode more) {
        merge(common, more, name + ".", inner);
      } else if (present instanceof ArrayNode list
          && member.getValue() instanceof ArrayNode more
          && haveIdentities(list)
          && haveIdentities(more)) {
        mergeElements(list, more, name, inner);
      } else if (name.equals(PASSWORD_POLICY)) {
        into.put(name, present.asText() + " and " + member.getValue().asText());
      } else {
        throw setAlready(place.file(), name);
      }
    }
  }

  private void mergeElements(ArrayNode into, ArrayNode from, String name, Place place) {
    for (var index = 0; index < from.size(); index++) {
      var element = from.get(index);
      var path = pathOf(name, element, index);
      var present = find(into, identityOf(element));
      if (present == null) {
        into.add(element);
        remember(element, path, place.in(index));
      } else {
        var more = ((ObjectNode) element).deepCopy();
        IDENTITIES.stream()
            .filter(key -> more.path(key).equals(present.path(key)))
            .forEach(more::remove);
        merge(present, more, path + ".", place.in(index));
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

  private static String pathOf(String list, JsonNode element, int index) {
    var identity = identityOf(element);
    return list + "[" + (identity == null ? "#" + index : identity) + "]";
  }

  private void remember(JsonNode node, String name, Place place) {
    setBy.put(name, place.origin());
    if (node instanceof ArrayNode array) {
      for (var index = 0; index < array.size(); index++) {
        var element = array.get(index);
        remember(element, pathOf(name, element, index), place.in(index));
      }
    }
    if (node instanceof ObjectNode object) {
      object
          .properties()
          .forEach(
              member ->
                  remember(
                      member.getValue(), name + "." + member.getKey(), place.in(member.getKey())));
    }
  }

  /** Returns the content with the place of each value. */
  DeclaredRealm declared(List<String> notes, SecretValues secrets) {
    var origins = new Origins();
    locate(content, "", origins);
    return new DeclaredRealm(content, origins, notes, secrets);
  }

  private void locate(JsonNode node, String path, Origins origins) {
    if (node instanceof ObjectNode object) {
      for (var member : object.properties()) {
        var name = path.isEmpty() ? member.getKey() : path + "." + member.getKey();
        origins.put(object, member.getKey(), setBy.get(name));
        locate(member.getValue(), name, origins);
      }
    } else if (node instanceof ArrayNode array) {
      for (var index = 0; index < array.size(); index++) {
        var name = pathOf(path, array.get(index), index);
        origins.put(array, Integer.toString(index), setBy.get(name));
        locate(array.get(index), name, origins);
      }
    }
  }
}
