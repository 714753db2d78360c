/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.apply;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import rowlock.realm.model.Kind;
import rowlock.realm.model.ObjectKey;
import rowlock.realm.model.RealmObject;
import rowlock.realm.server.AdminClient;
import rowlock.realm.server.ServerException;

/** Finds the ids of objects by their names, also of those that this run has created. */
final class ServerIds {
  private final AdminClient admin;
  private final Map<ObjectKey, String> ids = new HashMap<>();

  ServerIds(AdminClient admin, Map<ObjectKey, RealmObject> server) {
    this.admin = admin;
    server.forEach((key, object) -> ids.put(key, object.id()));
  }

  void created(ObjectKey key, String id) {
    ids.put(key, id);
  }

  /** Returns the id of an object; refuses an object that neither server nor source has. */
  String of(ObjectKey key) {
    var id = ids.get(key);
    if (id == null || id.isEmpty()) {
      throw new ServerException(0, "The source refers to " + key + ", which does not exist");
    }
    return id;
  }

  String client(String clientId) {
    return of(new ObjectKey(Kind.CLIENT, clientId));
  }

  String clientScope(String name) {
    return of(new ObjectKey(Kind.CLIENT_SCOPE, name));
  }

  /**
   * Returns a role as the endpoints for role mappings expect it.
   *
   * @param container the client; empty for a role of the realm
   */
  ObjectNode role(String container, String name) {
    var role =
        container.isEmpty()
            ? admin.getIfPresent("roles", name)
            : admin.getIfPresent("clients", client(container), "roles", name);
    if (role.isMissingNode()) {
      throw new ServerException(
          0,
          "The source refers to role "
              + (container.isEmpty() ? "" : container + "/")
              + name
              + ", which does not exist");
    }
    return JsonNodeFactory.instance
        .objectNode()
        .<ObjectNode>set("id", role.path("id"))
        .set("name", role.path("name"));
  }
}
