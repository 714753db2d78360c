/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static rowlock.realm.RealmServer.JSON;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rowlock.local.AdminApi;
import rowlock.local.KeycloakServer;
import rowlock.local.Keycloaks;
import rowlock.local.TestServers;
import rowlock.local.login.AuthorizationCodeFlow;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The realm {@code master} with the settings of {@code master/}, on real servers. */
class MasterIT {
  private static final String REALM = "/realms/" + Realm.MASTER;
  private static final ObjectNode SOURCE = (ObjectNode) JSON.readTree(Realm.renderMaster().json());
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /**
   * One login for many requests: with guesses limited, logins right after each other are refused.
   */
  private static AdminApi admin;

  /** As the local stack does at each start. */
  @BeforeAll
  static void apply() {
    admin = RealmServer.admin();
    admin.merge(REALM, settings().toString());
  }

  /** Other tests on the same server sign in as often as they like. */
  @AfterAll
  static void restore() {
    admin.merge(REALM, "{\"bruteForceProtected\":false}");
  }

  private static ObjectNode settings() {
    return SOURCE.deepCopy().without(List.of("clients", "components"));
  }

  @Test
  void theServerIsAsTheSourceStates() {
    assertIsAsStated(admin.get(REALM));
  }

  @Test
  void guessesOfAnAdministratorsPasswordLockTheAccountForAWhile() {
    var name = "administrator-" + UUID.randomUUID();
    admin.post(
        REALM + "/users",
        "{\"username\":\"%s\",\"enabled\":true,\"credentials\":[{\"type\":\"password\",\"value\":\"%s\"}]}"
            .formatted(name, RealmServer.PASSWORD));
    var id = admin.get(REALM + "/users?exact=true&username=" + name).path(0).path("id").asString();

    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              assertThatThrownBy(() -> console(RealmServer.keycloak()).login(name, "wrong"))
                  .isInstanceOf(IllegalStateException.class);
              return admin
                  .get(REALM + "/attack-detection/brute-force/users/" + id)
                  .path("disabled")
                  .asBoolean();
            });
    assertThatThrownBy(() -> console(RealmServer.keycloak()).login(name, RealmServer.PASSWORD))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theKnownAdministratorOfTheLocalStackSignsInToTheConsoleAndIsRecorded() throws Exception {
    var server = RealmServer.keycloak();

    var token = console(server).login(server.adminUser(), server.adminPassword()).accessToken();
    var name = "recorded-" + UUID.randomUUID();
    admin.post(REALM + "/groups", "{\"name\":\"%s\"}".formatted(name));

    assertThat(realms(server, token).findValuesAsString("realm"))
        .contains(Realm.MASTER, Realm.NAME);
    assertThat(admin.get(REALM + "/events?type=LOGIN&client=security-admin-console")).isNotEmpty();
    assertThat(admin.get(REALM + "/admin-events?resourceTypes=GROUP&operationTypes=CREATE"))
        .isNotEmpty()
        .allSatisfy(event -> assertThat(event.has("representation")).isFalse());
  }

  @Test
  void aPasswordOfAnAdministratorIsLong() {
    assertThatThrownBy(
            () ->
                admin.post(
                    REALM + "/users",
                    "{\"username\":\"%s\",\"credentials\":[{\"type\":\"password\",\"value\":\"short\"}]}"
                        .formatted(UUID.randomUUID())))
        .hasMessageContaining("400");
  }

  /** As in containers: both realms in files, a database without tables. */
  @Test
  void anEmptyDatabaseBeginsWithIt(@TempDir Path folder) throws Exception {
    // the administrator of test servers has the password that the policy refuses
    var settings = SOURCE.deepCopy();
    settings.remove("passwordPolicy");
    var master = Files.writeString(folder.resolve("master-realm.json"), settings.toString());
    var realm = folder.resolve("rowlock-realm.json");
    Realm.renderWithoutExtensions(RealmServer.VALUES).writeTo(realm);
    try (var postgres = TestServers.newPostgres();
        var server =
            TestServers.newKeycloak(new Keycloaks(List.of(), List.of(master, realm)), postgres)) {
      var token = console(server).login(server.adminUser(), server.adminPassword()).accessToken();

      assertIsAsStated(get(server, token, REALM), "passwordPolicy");
      assertThat(realms(server, token).findValuesAsString("realm"))
          .containsExactlyInAnyOrder(Realm.MASTER, Realm.NAME);
      var adminCli = get(server, token, REALM + "/clients?clientId=admin-cli").path(0);
      assertThat(adminCli.path("directAccessGrantsEnabled").asBoolean()).isFalse();
      assertThatThrownBy(() -> new AdminApi(server).get("/realms"))
          .hasMessageContaining("unauthorized_client");
      for (var client : get(server, token, REALM + "/clients")) {
        assertThat(client.path("directAccessGrantsEnabled").asBoolean())
            .as(client.path("clientId").asString())
            .isFalse();
      }
    }
  }

  private static void assertIsAsStated(JsonNode found, String... except) {
    for (var setting : settings().properties()) {
      var name = setting.getKey();
      if (List.of(except).contains(name)) {
        continue;
      }
      if (setting.getValue().isObject()) {
        setting
            .getValue()
            .properties()
            .forEach(
                inner ->
                    assertThat(found.path(name).path(inner.getKey()).asString())
                        .as(name + "/" + inner.getKey())
                        .isEqualTo(inner.getValue().asString()));
      } else if (setting.getValue().isArray()) {
        assertThat(found.path(name)).as(name).isEqualTo(setting.getValue());
      } else {
        assertThat(found.path(name).asString()).as(name).isEqualTo(setting.getValue().asString());
      }
    }
  }

  private static AuthorizationCodeFlow console(KeycloakServer server) {
    return new AuthorizationCodeFlow(server.issuer(Realm.MASTER), "security-admin-console")
        .withRedirect(URI.create(server.url() + "/admin/master/console/"));
  }

  private static JsonNode realms(KeycloakServer server, String token) throws Exception {
    return get(server, token, "/realms?briefRepresentation=true");
  }

  private static JsonNode get(KeycloakServer server, String token, String path)
      throws IOException, InterruptedException {
    var answer =
        HTTP.send(
            HttpRequest.newBuilder(URI.create(server.url() + "/admin" + path))
                .header("Authorization", "Bearer " + token)
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(path).isEqualTo(200);
    return JSON.readTree(answer.body());
  }
}
