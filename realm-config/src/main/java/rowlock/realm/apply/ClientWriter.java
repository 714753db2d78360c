/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import rowlock.realm.model.Kind;
import rowlock.realm.model.ObjectKey;
import rowlock.realm.model.RealmObjects;
import rowlock.realm.plan.Change;
import rowlock.realm.server.AdminClient;

/** Writes client scopes and clients, with their protocol mappers. */
final class ClientWriter {
  private static final String MAPPERS = "protocolMappers";
  private static final String CLIENT_SCOPES = "client-scopes";
  private static final List<Assignment> ASSIGNMENTS =
      List.of(
          new Assignment("defaultClientScopes", "default-client-scopes"),
          new Assignment("optionalClientScopes", "optional-client-scopes"));

  /** A list of a client's scopes, and its address. */
  private record Assignment(String list, String path) {}

  private final AdminClient admin;
  private final ServerIds ids;
  private final Changes changes;
  private final FlowNames flows;

  ClientWriter(AdminClient admin, ServerIds ids, Changes changes, FlowNames flows) {
    this.admin = admin;
    this.ids = ids;
    this.changes = changes;
    this.flows = flows;
  }

  Stream<Step> scopes() {
    return changes
        .written(Kind.CLIENT_SCOPE)
        .map(
            change ->
                new Step(
                    Changes.label(change),
                    change.action() == Change.Action.CREATE
                        ? () -> createScope(change.key())
                        : () -> updateScope(change.key())));
  }

  private void createScope(ObjectKey key) {
    ids.created(key, admin.create(changes.declared(key), CLIENT_SCOPES));
  }

  private void updateScope(ObjectKey key) {
    var id = ids.of(key);
    var declared = changes.declared(key);
    var present = admin.get(CLIENT_SCOPES, id);
    var scope = Overlay.of(present, declared, Set.of(MAPPERS));
    if (!scope.equals(present)) {
      admin.put(scope, CLIENT_SCOPES, id);
    }
    if (declared.has(MAPPERS)) {
      setMappers(present.path(MAPPERS), declared.path(MAPPERS), id);
    }
  }

  /** Writes the mappers of a client scope one by one, because its own address ignores them. */
  private void setMappers(JsonNode present, JsonNode declared, String scope) {
    String[] path = {CLIENT_SCOPES, scope, "protocol-mappers", "models"};
    for (var mapper : declared) {
      var before = named(present, mapper.path("name").asText());
      var after = Overlay.of(before, (ObjectNode) mapper);
      if (before.isMissingNode()) {
        admin.create(after, path);
      } else if (!after.equals(before)) {
        admin.put(after, path[0], path[1], path[2], path[3], before.path("id").asText());
      }
    }
    for (var mapper : present) {
      if (named(declared, mapper.path("name").asText()).isMissingNode()) {
        admin.delete(path[0], path[1], path[2], path[3], mapper.path("id").asText());
      }
    }
  }

  private static JsonNode named(JsonNode list, String name) {
    for (var element : list) {
      if (element.path("name").asText().equals(name)) {
        return element;
      }
    }
    return list.path(-1);
  }

  Stream<Step> clients() {
    return changes
        .written(Kind.CLIENT)
        .map(
            change ->
                new Step(
                    Changes.label(change),
                    change.action() == Change.Action.CREATE
                        ? () -> createClient(change.key())
                        : () -> updateClient(change.key())));
  }

  private void createClient(ObjectKey key) {
    var client = changes.declared(key).deepCopy();
    flows.useIds(client);
    ids.created(key, admin.create(client, "clients"));
  }

  /**
   * Writes the client with its mappers in one request. Its client scopes have addresses of their
   * own.
   */
  private void updateClient(ObjectKey key) {
    var id = ids.of(key);
    var declared = changes.declared(key).deepCopy();
    flows.useIds(declared);
    var present = admin.get("clients", id);
    var client =
        Overlay.of(present, declared, Set.of("defaultClientScopes", "optionalClientScopes"));
    if (!client.equals(present)) {
      admin.put(client, "clients", id);
    }
    setScopes(id, present, declared);
  }

  /**
   * Removes a scope first if it moves between the two lists, because a client has it only once.
   * Otherwise adds before it removes.
   */
  private void setScopes(String id, JsonNode present, JsonNode declared) {
    Set<String> removed = new TreeSet<>();
    for (var assignment : ASSIGNMENTS) {
      if (declared.has(assignment.list())) {
        var before = RoleSets.texts(present.path(assignment.list()));
        var after = RoleSets.texts(declared.path(assignment.list()));
        for (var scope : after) {
          if (!before.contains(scope)) {
            removeFromOther(id, present, assignment, scope);
            admin.put(null, "clients", id, assignment.path(), ids.clientScope(scope));
          }
        }
        before.removeAll(after);
        if (present.path("serviceAccountsEnabled").asBoolean()) {
          before.remove(RealmObjects.SERVICE_ACCOUNT_SCOPE);
        }
        before.forEach(scope -> removed.add(assignment.path() + "/" + scope));
      }
    }
    for (var assignment : ASSIGNMENTS) {
      for (var scope : RoleSets.texts(present.path(assignment.list()))) {
        if (removed.contains(assignment.path() + "/" + scope)
            && !isDeclaredElsewhere(declared, assignment, scope)) {
          admin.delete("clients", id, assignment.path(), ids.clientScope(scope));
        }
      }
    }
  }

  private void removeFromOther(String id, JsonNode present, Assignment target, String scope) {
    for (var other : ASSIGNMENTS) {
      if (!other.equals(target) && RoleSets.texts(present.path(other.list())).contains(scope)) {
        admin.delete("clients", id, other.path(), ids.clientScope(scope));
      }
    }
  }

  private static boolean isDeclaredElsewhere(JsonNode declared, Assignment from, String scope) {
    return ASSIGNMENTS.stream()
        .filter(other -> !other.equals(from))
        .anyMatch(other -> RoleSets.texts(declared.path(other.list())).contains(scope));
  }
}
