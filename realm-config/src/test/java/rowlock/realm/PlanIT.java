/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks {@code plan} against a real server. Each test restores what it changes. */
class PlanIT {
  @TempDir private static Path folder;
  private static TestRealm realm;

  @BeforeAll
  static void create() {
    realm = TestRealm.create("plan-it", folder);
  }

  @Test
  void plan_importedRealm_isEmpty() {
    var plan = realm.run("plan");

    assertThat(plan.all()).isEqualTo("Realm plan-it: no changes.\n");
    assertThat(plan.code()).isZero();
  }

  @Test
  void plan_changedSetting_namesFileLineAndReason() {
    realm.merge("", "{\"accessTokenLifespan\":901}");

    var plan = realm.run("plan");
    var json = realm.run("plan", "--json");

    assertThat(plan.code()).isEqualTo(2);
    assertThat(plan.out())
        .contains("~ realm settings", "accessTokenLifespan: 901 -> 300  (sessions.yaml:4)")
        .contains("# A stolen access token expires soon");
    assertThat(json.code()).isEqualTo(2);
    var difference = json.json().at("/changes/0/differences/0");
    assertThat(difference.path("server").asString()).isEqualTo("901");
    assertThat(difference.path("declared").asString()).isEqualTo("300");
    assertThat(difference.path("line").asInt()).isEqualTo(4);
    assertThat(realm.run("plan")).isEqualTo(plan);
    realm.merge("", "{\"accessTokenLifespan\":300}");
  }

  /** docs/realm.md names the roles that each command needs. */
  @Test
  void accounts_withTheRolesOfTheDocument_areSufficient() {
    realm.createAccount("reader", "manage-realm", "view-clients", "query-groups", "view-events");
    realm.createAccount(
        "writer", "manage-realm", "query-groups", "manage-clients", "manage-identity-providers");
    realm.merge("", "{\"accessTokenLifespan\":301}");
    realm.merge("/identity-provider/instances/google", "{\"trustEmail\":true}");
    realm.merge("/clients/" + realm.clientId("task-web"), "{\"directAccessGrantsEnabled\":true}");
    realm.post(
        "/roles/default-roles-plan-it/composites",
        "[" + realm.get("/roles/uma_authorization") + "]");

    assertThat(realm.run("plan", "--client", "reader").code()).isEqualTo(2);
    var verified = realm.run("verify", "--client", "reader");
    assertThat(verified.out()).contains("last change ");
    var applied = realm.run("apply", "--yes", "--client", "writer");

    assertThat(applied.code()).as(applied.all()).isZero();
    assertThat(realm.run("plan", "--client", "reader").code()).isZero();
  }

  @Test
  void plan_undeclaredObjectsAndSettings_areNoDifferences() {
    realm.post("/clients", "{\"clientId\":\"another\",\"redirectUris\":[\"https://a.example/\"]}");
    realm.post("/roles", "{\"name\":\"another\"}");
    realm.post("/groups", "{\"name\":\"another\"}");
    realm.merge("", "{\"displayNameHtml\":\"<b>R</b>\",\"attributes\":{\"another\":\"1\"}}");

    assertThat(realm.run("plan").code()).isZero();
  }

  @Test
  void plan_mapperAddedToDeclaredClient_isDifference() {
    var path = "/clients/" + realm.clientId("task-cli") + "/protocol-mappers/models";
    realm.post(
        path,
        """
        {"name":"more","protocol":"openid-connect","protocolMapper":"oidc-hardcoded-claim-mapper",\
        "config":{"claim.name":"aud","claim.value":"more","access.token.claim":"true"}}\
        """);

    assertThat(realm.run("plan").out())
        .contains("~ client task-cli", "protocolMappers[more]: not declared, is removed");
    realm.delete(path + "/" + realm.id(path, "name", "more"));
  }

  @Test
  void plan_roleAddedToDefaultRole_isDifference() {
    var composites = "/roles/default-roles-plan-it/composites";
    var role = "[" + realm.get("/roles/offline_access") + "]";
    realm.post(composites, role);

    assertThat(realm.run("plan").out())
        .contains("~ role default-roles-plan-it", "composites.realm: not declared, is removed");
    RealmServer.admin()
        .delete("/realms/plan-it/roles-by-id/" + realm.id("/roles", "name", "offline_access"));
    realm.post("/roles", "{\"name\":\"offline_access\"}");
    realm.run("apply", "--yes");
  }

  @Test
  void plan_secretSetAndDeclared_isNeverPrinted() {
    var values = Map.of("ROWLOCK_GOOGLE_CLIENT_SECRET", "a secret that must not be printed");
    realm.run("apply", "--yes");

    var plan = realm.run(values, "plan");
    var json = realm.run(values, "plan", "--json");

    assertThat(plan.out())
        .contains(
            "~ identity provider google", "config.clientSecret: (secret) -> (another secret)");
    assertThat(plan.all() + json.all()).doesNotContain("must not be printed", "its secret");
    assertThat(realm.run("plan").code()).isZero();
  }

  @Test
  void plan_controlCharacterFromServer_isReplaced() {
    realm.merge("", "{\"displayName\":\"a\\u001b[2Jb\"}");

    assertThat(realm.run("plan").out()).contains("displayName: a?[2Jb -> Rowlock");
    realm.merge("", "{\"displayName\":\"Rowlock\"}");
  }

  @Test
  void plan_missingRealm_isErrorInOneLine() {
    var output =
        TestRealm.command(
            administrator(),
            "plan",
            "--server",
            RealmServer.keycloak().url().toString(),
            "--user",
            "admin",
            "--login-realm",
            "master",
            "--source",
            copyNamed("nowhere").toString());

    assertThat(output.code()).isEqualTo(1);
    assertThat(output.err()).startsWith("Realm nowhere does not exist").hasLineCount(1);
  }

  private static Map<String, String> administrator() {
    var environment = new HashMap<>(RealmServer.VALUES);
    environment.put("ROWLOCK_REALM_PASSWORD", RealmServer.keycloak().adminPassword());
    return environment;
  }

  private static Path copyNamed(String name) {
    try {
      var copy = Files.createDirectory(folder.resolve(name));
      return Files.writeString(copy.resolve("a.yaml"), "realm: " + name).getParent();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Keys that replace each other have the same name by default. */
  @Test
  void plan_twoKeysOfOneName_higherPriorityCounts() {
    var key =
        """
        {"name":"own-secrets","providerId":"aes-generated","providerType":"org.keycloak.keys.KeyProvider",\
        "config":{"priority":["1"],"secretSize":["32"]}}\
        """;
    realm.post("/components", key);
    var ids =
        realm
            .get("/components?type=org.keycloak.keys.KeyProvider")
            .valueStream()
            .filter(component -> component.at("/config/priority/0").asString("").equals("1"))
            .map(component -> component.path("id").asString())
            .toList();

    var plan = realm.run("plan");

    assertThat(ids).hasSize(1);
    realm.delete("/components/" + ids.getFirst());
    assertThat(plan.all()).isEqualTo("Realm plan-it: no changes.\n");
  }

  @Test
  void plan_usersInTheSource_areRefused() {
    realm.write("users.yaml", "users: [{username: ann}]");

    var output = realm.run("plan");

    realm.remove("users.yaml");
    assertThat(output.code()).isEqualTo(1);
    assertThat(output.err()).contains("users cannot be compared");
  }

  @Test
  void plan_unreachableServer_isErrorInOneLine() {
    var output =
        TestRealm.command(
            Map.of(
                "ROWLOCK_WEB_URL",
                "http://w",
                "ROWLOCK_API_URL",
                "http://a",
                "ROWLOCK_REALM_CLIENT_SECRET",
                "secret"),
            "plan",
            "--server",
            "http://localhost:1");

    assertThat(output.code()).isEqualTo(1);
    assertThat(output.err()).contains("failed").doesNotContain("\tat ");
  }

  @Test
  void plan_wrongSecret_isErrorInOneLine() {
    var output = realm.run(Map.of("ROWLOCK_REALM_CLIENT_SECRET", "wrong"), "plan");

    assertThat(output.code()).isEqualTo(1);
    assertThat(output.err()).isEqualTo("Sign-in failed: the server answered 401\n");
  }
}
