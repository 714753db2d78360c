/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import rowlock.realm.model.Kind;
import rowlock.realm.model.ObjectKey;
import rowlock.realm.plan.Change;
import rowlock.realm.server.AdminClient;

/**
 * Writes the profiles and policies of clients. Keycloak stores each of the two lists as one text.
 */
final class PolicyWriter {
  private static final String PATH = "client-policies";

  private final AdminClient admin;
  private final Changes changes;

  PolicyWriter(AdminClient admin, Changes changes) {
    this.admin = admin;
    this.changes = changes;
  }

  Stream<Step> profiles() {
    return steps(Kind.CLIENT_PROFILE, "profiles");
  }

  Stream<Step> policies() {
    return steps(Kind.CLIENT_POLICY, "policies");
  }

  private Stream<Step> steps(Kind kind, String list) {
    var written = changes.written(kind).toList();
    if (written.isEmpty()) {
      return Stream.empty();
    }
    var label = String.join(", ", written.stream().map(Changes::label).toList());
    return Stream.of(
        new Step(label, () -> write(list, written.stream().map(Change::key).toList())));
  }

  /** Others in the list stay where they are. */
  private void write(String list, List<ObjectKey> keys) {
    var document = (ObjectNode) admin.get(PATH, list);
    Set<String> names = new TreeSet<>();
    keys.forEach(key -> names.add(key.name()));
    List<JsonNode> elements = new ArrayList<>();
    for (var element : document.path(list)) {
      var name = element.path("name").asText();
      var key = keys.stream().filter(one -> one.name().equals(name)).findFirst();
      elements.add(key.isPresent() ? changes.declared(key.get()) : element);
      names.remove(name);
    }
    keys.stream()
        .filter(key -> names.contains(key.name()))
        .forEach(key -> elements.add(changes.declared(key)));
    document.putArray(list).addAll(elements);
    admin.put(document, PATH, list);
  }

  void remove(ObjectKey key) {
    var list = key.kind() == Kind.CLIENT_PROFILE ? "profiles" : "policies";
    var document = (ObjectNode) admin.get(PATH, list);
    List<JsonNode> rest = new ArrayList<>();
    document
        .path(list)
        .forEach(
            element -> {
              if (!element.path("name").asText().equals(key.name())) {
                rest.add(element);
              }
            });
    document.putArray(list).addAll(rest);
    admin.put(document, PATH, list);
  }
}
