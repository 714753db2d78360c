/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import rowlock.realm.server.AdminClient;

/**
 * Makes a set of roles equal to the declared one: the composites of a role, the roles of a group or
 * of a service account, and the roles that a client may put into tokens. Missing roles are added
 * before others are removed.
 */
final class RoleSets {
  private final AdminClient admin;
  private final ServerIds ids;

  RoleSets(AdminClient admin, ServerIds ids) {
    this.admin = admin;
    this.ids = ids;
  }

  /** Roles of the realm and of clients, each with an address of its own below the path. */
  void mappings(JsonNode declaredRealm, JsonNode declaredClients, String... path) {
    if (declaredRealm.isArray()) {
      set("", texts(declaredRealm), with(path, "realm"));
    }
    if (declaredClients.isObject()) {
      var present = admin.get(path).path("clientMappings");
      Set<String> clients = new TreeSet<>();
      present.properties().forEach(client -> clients.add(client.getKey()));
      declaredClients.properties().forEach(client -> clients.add(client.getKey()));
      for (var client : clients) {
        set(client, texts(declaredClients.path(client)), with(path, "clients", ids.client(client)));
      }
    }
  }

  /** Roles of one container at one address. */
  void set(String container, Set<String> declared, String... path) {
    Set<String> present = new TreeSet<>();
    admin.get(path).forEach(role -> present.add(role.path("name").asText()));
    change(container, declared, present, path);
  }

  /** Composites are all at one address, whatever their container. */
  void composites(JsonNode declared, JsonNode present, String... path) {
    change("", texts(declared.path("realm")), texts(present.path("realm")), path);
    Set<String> clients = new TreeSet<>();
    for (var composites : new JsonNode[] {declared, present}) {
      composites.path("client").properties().forEach(client -> clients.add(client.getKey()));
    }
    for (var client : clients) {
      change(
          client,
          texts(declared.path("client").path(client)),
          texts(present.path("client").path(client)),
          path);
    }
  }

  private void change(String container, Set<String> declared, Set<String> present, String... path) {
    Set<String> added = new TreeSet<>(declared);
    added.removeAll(present);
    if (!added.isEmpty()) {
      admin.create(roles(container, added), path);
    }
    Set<String> removed = new TreeSet<>(present);
    removed.removeAll(declared);
    if (!removed.isEmpty()) {
      admin.delete(roles(container, removed), path);
    }
  }

  private JsonNode roles(String container, Set<String> names) {
    var roles = JsonNodeFactory.instance.arrayNode();
    names.forEach(name -> roles.add(ids.role(container, name)));
    return roles;
  }

  private static String[] with(String[] path, String... more) {
    return Stream.concat(Arrays.stream(path), Arrays.stream(more)).toArray(String[]::new);
  }

  static Set<String> texts(JsonNode list) {
    Set<String> texts = new TreeSet<>();
    list.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
