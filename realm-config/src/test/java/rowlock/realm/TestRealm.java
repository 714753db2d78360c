/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static rowlock.realm.RealmServer.JSON;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import rowlock.local.keycloak.AdminApi;
import rowlock.realm.command.Main;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A realm of one test class on the shared server, imported from a copy of our source. Commands run
 * with the service account of a client that has only the roles that the documentation names.
 */
final class TestRealm {
  private static final String CLIENT = "realm-config";
  static final String SECRET = "the secret of realm-config";

  private final String name;
  private final Path source;
  private final AdminApi administrator = RealmServer.admin();

  private TestRealm(String name, Path source) {
    this.name = name;
    this.source = source;
  }

  /** Creates a realm with our source. */
  static TestRealm create(String name, Path folder) {
    var source = folder.resolve(name);
    copy(Path.of("realm"), source);
    var realm = new TestRealm(name, source);
    realm.edit("login.yaml", text -> text.replace("realm: rowlock", "realm: " + name));
    realm.edit(
        "roles.yaml", text -> text.replace("default-roles-rowlock", "default-roles-" + name));
    realm.create();
    return realm;
  }

  /** Creates a realm with a source of the test. */
  static TestRealm create(String name, Path folder, Map<String, String> files) {
    var realm = new TestRealm(name, folder.resolve(name));
    files.forEach(realm::write);
    realm.create();
    return realm;
  }

  private void create() {
    var imported = Realm.render(source, RealmServer.VALUES).json();
    administrator.post("/realms", imported);
    createAccount(
        CLIENT,
        "manage-realm",
        "manage-clients",
        "manage-identity-providers",
        "manage-users",
        "view-events");
  }

  /** The tool's own client is not declared, so no run may change it. */
  void createAccount(String clientId, String... allowed) {
    var client = JSON.createObjectNode();
    client.put("clientId", clientId).put("secret", SECRET).put("serviceAccountsEnabled", true);
    client.put("standardFlowEnabled", false).put("fullScopeAllowed", true);
    client
        .putArray("protocolMappers")
        .addObject()
        .put("name", "roles")
        .put("protocol", "openid-connect")
        .put("protocolMapper", "oidc-usermodel-client-role-mapper")
        .putObject("config")
        .put("access.token.claim", "true")
        .put("claim.name", "resource_access.${client_id}.roles")
        .put("jsonType.label", "String")
        .put("multivalued", "true");
    post("/clients", client.toString());
    var id = get("/clients?clientId=" + clientId).path(0).path("id").asString();
    var user = get("/clients/" + id + "/service-account-user").path("id").asString();
    var management = get("/clients?clientId=realm-management").path(0).path("id").asString();
    var roles = JSON.createArrayNode();
    for (var role : allowed) {
      roles.add(get("/clients/" + management + "/roles/" + role));
    }
    post("/users/" + user + "/role-mappings/clients/" + management, roles.toString());
  }

  String name() {
    return name;
  }

  Path source() {
    return source;
  }

  String issuer() {
    return RealmServer.keycloak().issuer(name);
  }

  /** Output of a command. */
  record Output(int code, String out, String err) {
    JsonNode json() {
      return JSON.readTree(out);
    }

    String all() {
      return out + err;
    }
  }

  /** Runs a command on this realm. */
  Output run(String... arguments) {
    return run(Map.of(), arguments);
  }

  Output run(Map<String, String> values, String... arguments) {
    var environment = new HashMap<>(RealmServer.VALUES);
    environment.put("ROWLOCK_REALM_CLIENT_SECRET", SECRET);
    environment.putAll(values);
    var server = RealmServer.keycloak().url().toString();
    var all =
        Stream.concat(
            Arrays.stream(arguments), Stream.of("--source", source.toString(), "--server", server));
    return command(environment, all.toArray(String[]::new));
  }

  static Output command(Map<String, String> environment, String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    var code = Main.run(arguments, environment, new PrintWriter(out), new PrintWriter(err));
    return new Output(code, out.toString(), err.toString());
  }

  JsonNode get(String path) {
    return administrator.get("/realms/" + name + path);
  }

  JsonNode post(String path, String json) {
    return administrator.post("/realms/" + name + path, json);
  }

  void put(String path, String json) {
    administrator.put("/realms/" + name + path, json);
  }

  void merge(String path, String json) {
    administrator.merge("/realms/" + name + path, json);
  }

  void delete(String path) {
    administrator.delete("/realms/" + name + path);
  }

  /** Returns the first element of a list whose member has a value. */
  ObjectNode find(String path, String member, String value) {
    return get(path)
        .valueStream()
        .filter(element -> element.path(member).asString("").equals(value))
        .map(ObjectNode.class::cast)
        .findFirst()
        .orElseThrow(() -> new AssertionError(value + " is not in " + path));
  }

  String id(String path, String member, String value) {
    return find(path, member, value).path("id").asString();
  }

  String clientId(String clientId) {
    return get("/clients?clientId=" + clientId).path(0).path("id").asString();
  }

  void edit(String file, UnaryOperator<String> change) {
    try {
      var path = source.resolve(file);
      var before = Files.readString(path);
      var after = change.apply(before);
      if (after.equals(before)) {
        throw new AssertionError("The change does not apply to " + file);
      }
      Files.writeString(path, after);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void write(String file, String content) {
    try {
      var path = source.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void remove(String file) {
    try {
      Files.delete(source.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copy(Path from, Path to) {
    try (var paths = Files.walk(from)) {
      for (var path : paths.toList()) {
        var target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
