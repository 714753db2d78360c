/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import java.util.stream.Stream;
import rowlock.realm.model.Kind;
import rowlock.realm.model.ObjectKey;
import rowlock.realm.plan.Change;
import rowlock.realm.server.AdminClient;

/** Writes roles, and what refers to them: composites, role scopes, service accounts and groups. */
final class RoleWriter {
  private static final String COMPOSITES = "composites";
  private static final Set<String> NOT_IN_A_ROLE = Set.of(COMPOSITES, "composite", "id");
  private static final Set<String> NOT_IN_A_GROUP = Set.of("realmRoles", "clientRoles", "path");

  private final AdminClient admin;
  private final ServerIds ids;
  private final Changes changes;
  private final RoleSets sets;

  RoleWriter(AdminClient admin, ServerIds ids, Changes changes) {
    this.admin = admin;
    this.ids = ids;
    this.changes = changes;
    this.sets = new RoleSets(admin, ids);
  }

  /**
   * Creates roles without their composites, which may be roles of clients that do not exist yet.
   */
  Stream<Step> creations(Kind kind) {
    return changes
        .of(kind, Change.Action.CREATE)
        .map(change -> new Step(Changes.label(change), () -> create(change.key())));
  }

  private void create(ObjectKey key) {
    var role = changes.declared(key).deepCopy().without(NOT_IN_A_ROLE);
    if (key.kind() == Kind.ROLE) {
      admin.create(role, "roles");
    } else {
      admin.create(role, "clients", ids.client(key.parent()), "roles");
    }
    ids.created(key, ids.role(key.parent(), key.name()).path("id").asText());
  }

  /** Changes roles, and sets the composites of all roles. */
  Stream<Step> updates(Kind kind) {
    return changes
        .written(kind)
        .filter(
            change ->
                change.action() == Change.Action.UPDATE
                    || changes.declared(change.key()).has(COMPOSITES))
        .map(
            change ->
                new Step(
                    change.action() == Change.Action.CREATE
                        ? "set composites of " + change.key()
                        : Changes.label(change),
                    () -> update(change.key())));
  }

  private void update(ObjectKey key) {
    var id = ids.of(key);
    var declared = changes.declared(key);
    var present = admin.get("roles-by-id", id);
    var role = Overlay.of(present, declared, NOT_IN_A_ROLE);
    if (!role.equals(present)) {
      admin.put(role, "roles-by-id", id);
    }
    if (declared.has(COMPOSITES)) {
      sets.composites(
          declared.path(COMPOSITES),
          changes.server(key).path(COMPOSITES),
          "roles-by-id",
          id,
          COMPOSITES);
    }
  }

  Stream<Step> scopeMappings() {
    return changes
        .written(Kind.SCOPE_MAPPING)
        .map(
            change ->
                new Step(
                    Changes.label(change),
                    () ->
                        setScope(
                            change.key(),
                            RoleSets.texts(changes.declared(change.key()).path("roles")))));
  }

  /** Removes all roles of a mapping. */
  void removeScopeMapping(ObjectKey key) {
    setScope(key, Set.of());
  }

  private void setScope(ObjectKey key, Set<String> roles) {
    var mapping = changes.plan().declared().containsKey(key) ? changes.declared(key) : null;
    var holder = mapping == null ? (ObjectNode) changes.server(key) : mapping;
    var scope = holder.path("clientScope").asText();
    var collection = scope.isEmpty() ? "clients" : "client-scopes";
    var id = scope.isEmpty() ? ids.client(holder.path("client").asText()) : ids.clientScope(scope);
    var container = key.parent();
    if (container.isEmpty()) {
      sets.set(container, roles, collection, id, "scope-mappings", "realm");
    } else {
      var owner = ids.client(container);
      sets.set(container, roles, collection, id, "scope-mappings", "clients", owner);
    }
  }

  Stream<Step> serviceAccounts() {
    return changes
        .written(Kind.SERVICE_ACCOUNT)
        .map(change -> new Step(Changes.label(change), () -> setServiceAccount(change.key())));
  }

  private void setServiceAccount(ObjectKey key) {
    var client = ids.client(key.name());
    var user = admin.get("clients", client, "service-account-user").path("id").asText();
    setRoles(changes.declared(key), "users", user, "role-mappings");
  }

  private void setRoles(JsonNode declared, String... path) {
    sets.mappings(declared.path("realmRoles"), declared.path("clientRoles"), path);
  }

  Stream<Step> groups() {
    return changes
        .written(Kind.GROUP)
        .map(
            change ->
                new Step(
                    Changes.label(change),
                    change.action() == Change.Action.CREATE
                        ? () -> createGroup(change.key())
                        : () -> updateGroup(change.key())));
  }

  /** Plans list a group before those in it. */
  private void createGroup(ObjectKey key) {
    var group = changes.declared(key).deepCopy().without(NOT_IN_A_GROUP);
    var parent = key.name().substring(0, key.name().lastIndexOf('/'));
    var id =
        parent.isEmpty()
            ? admin.create(group, "groups")
            : admin.create(group, "groups", ids.of(new ObjectKey(Kind.GROUP, parent)), "children");
    ids.created(key, id);
    setRoles(changes.declared(key), "groups", id, "role-mappings");
  }

  private void updateGroup(ObjectKey key) {
    var id = ids.of(key);
    var declared = changes.declared(key);
    admin.put(Overlay.of(admin.get("groups", id), declared, NOT_IN_A_GROUP), "groups", id);
    setRoles(declared, "groups", id, "role-mappings");
  }
}
