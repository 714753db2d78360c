/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rowlock.local.login.AuthorizationCodeFlow;
import tools.jackson.databind.JsonNode;

/** Checks {@code apply} with our realm on a real server. */
class ApplyIT {
  private static final String LOCK =
      "{\"name\":\"rowlock.realm-config.lock\",\"attributes\":{\"renewed\":[]}}";
  private static final String NO_CHANGES = "Realm apply-it: no changes.\n";

  @TempDir private static Path folder;
  private static TestRealm realm;

  @BeforeAll
  static void create() {
    realm = TestRealm.create("apply-it", folder);
  }

  private static void assertEqual() {
    assertThat(realm.run("plan").all()).isEqualTo(NO_CHANGES);
  }

  @Test
  void apply_noTerminal_changesNothing() {
    realm.merge("", "{\"displayName\":\"Other\"}");

    var output = realm.run("apply");

    assertThat(output.code()).isEqualTo(1);
    assertThat(output.out()).contains("displayName: Other -> Rowlock");
    assertThat(output.err()).contains("use --yes or --plan-file", "Nothing was changed.");
    assertThat(realm.get("").path("displayName").asString()).isEqualTo("Other");
    assertThat(realm.run("apply", "--yes").code()).isZero();
    assertEqual();
  }

  @Test
  void apply_planFile_appliesExactlyThat() {
    var file = folder.resolve("plan.json").toString();
    realm.merge("", "{\"displayName\":\"Other\"}");
    assertThat(realm.run("plan", "--out", file).code()).isEqualTo(2);

    assertThat(realm.run("apply", "--plan-file", file).code()).isZero();
    assertEqual();
  }

  @Test
  void apply_planFileWithPrune_removesWhatItLists() {
    var file = folder.resolve("prune.json").toString();
    realm.write("more.yaml", "roles: {realm: [{name: more}]}\n");
    assertThat(realm.run("apply", "--yes").code()).isZero();
    realm.remove("more.yaml");
    assertThat(realm.run("plan").out()).contains("role more is no longer declared and stays");
    assertThat(realm.run("plan", "--prune", "--out", file).out()).contains("- role more");

    assertThat(realm.run("apply", "--plan-file", file).out()).contains("done: remove role more");
    assertEqual();
  }

  @Test
  void apply_planFile_serverChangedSince_isRefused() {
    var file = folder.resolve("old-plan.json").toString();
    realm.merge("", "{\"displayName\":\"Other\"}");
    realm.run("plan", "--out", file);
    realm.merge("", "{\"accessTokenLifespan\":301}");

    var output = realm.run("apply", "--plan-file", file);

    assertThat(output.code()).isEqualTo(1);
    assertThat(output.err())
        .contains(
            "changed since the plan. Nothing was applied.", "accessTokenLifespan: 301 -> 300");
    assertThat(realm.get("").path("displayName").asString()).isEqualTo("Other");
    assertThat(realm.run("apply", "--yes").code()).isZero();
    assertEqual();
  }

  @Test
  void apply_failingStep_reportsAndContinuesLater() {
    realm.write(
        "clients/broken.yaml",
        "clientId: broken\nrootUrl: javascript:alert(1)\nredirectUris: [\"https://a.example/\"]\n");
    realm.write(
        "broken.yaml", "roles: {realm: [{name: before}]}\nlocalizationTexts: {en: {a: b}}\n");

    var output = realm.run("apply", "--yes");

    assertThat(output.code()).isEqualTo(1);
    assertThat(output.out()).contains("done: create role before");
    assertThat(output.err())
        .contains("Failed: create client broken", "was answered 400")
        .contains("Done before: create role before", "Not tried: create texts en");
    realm.edit("clients/broken.yaml", text -> text.replace("javascript:alert(1)", "\"\""));
    assertThat(realm.run("apply", "--yes").out())
        .contains("create client broken", "create texts en")
        .doesNotContain("create role before");
    assertEqual();
    realm.remove("clients/broken.yaml");
    realm.remove("broken.yaml");
    assertThat(realm.run("apply", "--yes", "--prune").code()).isZero();
    assertEqual();
  }

  @Test
  void apply_everyFlowChanged_usersKeysAndUndeclaredStay() {
    var user = realm.post("/users", user("flows@example.org")).path("id");
    var login =
        new AuthorizationCodeFlow(realm.issuer(), "task-cli")
            .login("flows@example.org", RealmServer.PASSWORD);
    realm.post("/clients", "{\"clientId\":\"stranger\",\"name\":\"As it was\"}");
    var keys = realm.get("/keys");
    FlowChanges.changeAll(realm);

    var output = realm.run("apply", "--yes");

    assertThat(output.code()).as(output.all()).isZero();
    assertEqual();
    assertThat(aliases("/authentication/flows")).noneMatch(alias -> alias.contains("~"));
    assertThat(realm.get("/keys")).isEqualTo(keys);
    assertThat(realm.find("/users", "username", "flows@example.org").path("enabled").asBoolean())
        .as(user.toString())
        .isTrue();
    assertThat(realm.find("/clients", "clientId", "stranger").path("name").asString())
        .isEqualTo("As it was");
    assertThat(
            new AuthorizationCodeFlow(realm.issuer(), "task-cli")
                .refresh(login.requireRefreshToken())
                .accessToken())
        .isNotEmpty();
    assertThat(
            new AuthorizationCodeFlow(realm.issuer(), "task-cli")
                .login("flows@example.org", RealmServer.PASSWORD)
                .accessToken())
        .isNotEmpty();
    FlowChanges.revertAll(realm);
    assertThat(realm.run("apply", "--yes").code()).isZero();
    assertEqual();
  }

  static String user(String address) {
    return """
    {"username":"%s","email":"%s","emailVerified":true,"enabled":true,
     "credentials":[{"type":"password","value":"%s"}]}\
    """
        .formatted(address, address, RealmServer.PASSWORD);
  }

  private static Stream<String> aliases(String path) {
    return realm.get(path).valueStream().map((JsonNode flow) -> flow.path("alias").asString());
  }

  @Test
  void apply_keyOfOtherSize_isLeftToAnOperator() {
    realm.edit("keys.yaml", text -> text.replace("secretSize: 64", "secretSize: 128"));
    var keys = realm.get("/keys");

    var output = realm.run("apply", "--yes");

    assertThat(output.code()).isEqualTo(2);
    assertThat(realm.run("plan").out()).contains("! apply leaves this to an operator: another key");
    assertThat(realm.get("/keys")).isEqualTo(keys);
    realm.edit("keys.yaml", text -> text.replace("secretSize: 128", "secretSize: 64"));
    assertEqual();
  }

  @Test
  void apply_twiceAtOnce_changesAreMadeOnce() {
    realm.merge("", "{\"displayName\":\"Other\"}");
    FlowChanges.changeAll(realm);

    var runs =
        Stream.generate(() -> CompletableFuture.supplyAsync(() -> realm.run("apply", "--yes")))
            .limit(2)
            .toList();
    var outputs = runs.stream().map(run -> run.orTimeout(60, TimeUnit.SECONDS).join());

    assertThat(outputs)
        .allSatisfy(output -> assertThat(output.code()).as(output.all()).isZero())
        .anySatisfy(output -> assertThat(output.out()).contains("done: change realm settings"))
        .anySatisfy(output -> assertThat(output.out()).isEqualTo(NO_CHANGES));
    FlowChanges.revertAll(realm);
    realm.run("apply", "--yes");
    assertEqual();
  }

  @Test
  void apply_otherRunLasts_isRefused() {
    realm.post("/roles", LOCK);
    var id = realm.id("/roles", "name", "rowlock.realm-config.lock");
    var renewals = Executors.newSingleThreadScheduledExecutor();
    try {
      var renewed = new AtomicInteger();
      renewals.scheduleAtFixedRate(
          () ->
              realm.put(
                  "/roles-by-id/" + id,
                  LOCK.replace("[]", "[\"" + renewed.incrementAndGet() + "\"]")),
          0,
          500,
          TimeUnit.MILLISECONDS);

      var output = realm.run("apply", "--yes", "--wait", "2");

      assertThat(output.code()).isEqualTo(1);
      assertThat(output.err())
          .contains("Another apply changes this realm; waiting.", "run it again later");
    } finally {
      renewals.shutdownNow();
      realm.delete("/roles-by-id/" + id);
    }
  }
}
