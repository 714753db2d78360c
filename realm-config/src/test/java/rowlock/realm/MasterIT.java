/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static rowlock.realm.RealmServer.JSON;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import rowlock.local.keycloak.AdminApi;
import rowlock.local.keycloak.KeycloakServer;
import rowlock.local.keycloak.KeycloakSpec;
import rowlock.local.keycloak.MasterRealm;
import rowlock.local.login.AuthorizationCodeFlow;
import rowlock.local.testing.TestServers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Checks the realm {@code master} with the settings of {@code master/} on real servers. */
class MasterIT {
  private static final String REALM = "/realms/" + Realm.MASTER;
  private static final ObjectNode SOURCE = (ObjectNode) JSON.readTree(Realm.renderMaster().json());
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String SECURITY_KEY =
      credential(
          "webauthn",
          "{\"aaguid\":\"00000000-0000-0000-0000-000000000000\",\"credentialId\":\"a2V5\",\"counter\":0,"
              + "\"credentialPublicKey\":\"a2V5\",\"attestationStatementFormat\":\"none\",\"transports\":[]}",
          "{}");
  private static final List<String> BROWSER_STEPS =
      List.of(
          "0 auth-cookie ALTERNATIVE",
          "0 identity-provider-redirector ALTERNATIVE",
          "0 rowlock-browser-form ALTERNATIVE",
          "1 rowlock-password-form REQUIRED",
          "1 rowlock-second-factor CONDITIONAL",
          "2 conditional-user-configured REQUIRED",
          "2 conditional-credential REQUIRED rowlock-not-after-passkey",
          "2 auth-otp-form ALTERNATIVE",
          "2 webauthn-authenticator ALTERNATIVE",
          "2 auth-recovery-authn-code-form ALTERNATIVE");
  private static final List<String> DIRECT_GRANT_STEPS =
      List.of(
          "0 direct-grant-validate-username REQUIRED",
          "0 direct-grant-validate-password REQUIRED",
          "0 rowlock-password-only REQUIRED");

  /** Signs in once for many requests, because logins that follow each other at once are refused. */
  private static AdminApi admin;

  /** Applies the settings as the local stack does at each start. */
  @BeforeAll
  static void apply() {
    admin = RealmServer.admin();
    MasterRealm.apply(admin, SOURCE.toString());
    MasterRealm.apply(admin, SOURCE.toString());
  }

  /** Removes the limits of logins, for other tests on the same server. */
  @AfterAll
  static void restore() {
    admin.merge(
        REALM,
        """
        {"bruteForceProtected":false,"revokeRefreshToken":false,"browserFlow":"browser","directGrantFlow":"direct grant"}\
        """);
  }

  private static ObjectNode settings() {
    return SOURCE
        .deepCopy()
        .without(
            List.of(
                "authenticationFlows",
                "authenticatorConfig",
                "clientScopeMappings",
                "clientScopes",
                "clients",
                "components",
                "defaultDefaultClientScopes",
                "defaultOptionalClientScopes",
                "defaultRole",
                "roles",
                "scopeMappings"));
  }

  @Test
  void server_equalsTheSource() {
    assertIsAsStated(admin.get(REALM));
    assertThat(steps(admin::get, "rowlock-browser")).isEqualTo(BROWSER_STEPS);
    assertThat(steps(admin::get, "rowlock-direct-grant")).isEqualTo(DIRECT_GRANT_STEPS);
    assertOfflineAccessIsForNoClient(admin::get);
  }

  /** The tools of the local stack need the password grant of admin-cli. No other client has it. */
  @Test
  void noOtherClientThanAdminCliHasThePasswordGrant() {
    for (var client : admin.get(REALM + "/clients")) {
      assertThat(client.path("directAccessGrantsEnabled").asBoolean())
          .as(client.path("clientId").asString())
          .isEqualTo(client.path("clientId").asString().equals("admin-cli"));
    }
  }

  @Test
  void anOfflineTokenIsRefused() {
    var server = RealmServer.keycloak();

    var answer = passwordGrant(server.adminUser(), server.adminPassword(), "openid offline_access");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("invalid_scope");
  }

  @ParameterizedTest
  @MethodSource("secondFactors")
  void login_administratorWithSecondFactor_asksForIt(String credential, String page) {
    var name = "administrator-" + UUID.randomUUID();
    admin.post(REALM + "/users", administrator(name, credential));

    assertIsAskedFor(page, RealmServer.keycloak(), name);
    var answer = passwordGrant(name, RealmServer.PASSWORD, "openid");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("invalid_grant").doesNotContain("access_token");
  }

  /** Returns each credential with a text of the page that asks for it. */
  static Stream<Arguments> secondFactors() {
    return Stream.of(
        Arguments.of(SECURITY_KEY, "#authenticateWebAuthnButton"),
        Arguments.of(
            credential(
                "otp",
                "{\"subType\":\"totp\",\"digits\":6,\"counter\":0,\"period\":30,\"algorithm\":\"HmacSHA1\"}",
                "{\"value\":\"twenty characters or\"}"),
            "[name=otp]"),
        Arguments.of(
            credential(
                "recovery-authn-codes",
                "{\"hashIterations\":1,\"algorithm\":\"SHA-512\",\"total\":1,\"remaining\":1}",
                "{\"codes\":[{\"number\":1,\"encodedHashedValue\":\"unknown\"}]}"),
            "[name=recoveryCodeInput]"));
  }

  private static String credential(String type, String data, String secret) {
    var credential = JSON.createObjectNode();
    return credential
        .put("type", type)
        .put("credentialData", data)
        .put("secretData", secret)
        .toString();
  }

  private static String administrator(String name, String credential) {
    return """
        {"username":"%s","enabled":true,"credentials":[{"type":"password","value":"%s"},%s]}\
        """
        .formatted(name, RealmServer.PASSWORD, credential);
  }

  private static void assertIsAskedFor(String page, KeycloakServer server, String name) {
    var next =
        console(server)
            .begin()
            .loginPage()
            .submit("kc-form-login", Map.of("username", name, "password", RealmServer.PASSWORD));

    assertThat(next.callback()).isNull();
    assertThat(next.document().select(page)).as(next.text()).isNotEmpty();
  }

  /** The listener of the security log is global, so no realm names it. */
  @Test
  void aFailedSignInOfAnAdministratorIsInTheSecurityLog() {
    var name = "administrator-" + UUID.randomUUID();
    admin.post(REALM + "/users", administrator(name, SECURITY_KEY));
    var id = admin.get(REALM + "/users?exact=true&username=" + name).path(0).path("id").asString();

    assertThatThrownBy(() -> console(RealmServer.keycloak()).login(name, "wrong"))
        .isInstanceOf(IllegalStateException.class);

    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(Files.readAllLines(RealmServer.keycloak().logFile()))
                    .extracting(line -> line.replace("\\", "")) // JSON in a JSON log
                    .anyMatch(
                        line ->
                            line.contains("\"event\":\"LOGIN\",\"outcome\":\"failure\"")
                                && line.contains("\"realm\":\"master\"")
                                && line.contains(id)));
  }

  @Test
  void wrongPasswords_lockTheAdministratorTemporarily() {
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
  void localStackAdministrator_consoleLogin_isRecorded() {
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

  /** Imports both realms from files into an empty database, as in containers. */
  @Tag("thorough")
  @Test
  void emptyDatabase_importsTheSettings(@TempDir Path folder) throws Exception {
    // the administrator of test servers has a password that the policy refuses
    var settings = SOURCE.deepCopy();
    settings.remove("passwordPolicy");
    var master = Files.writeString(folder.resolve("master-realm.json"), settings.toString());
    var realm = folder.resolve("rowlock-realm.json");
    Realm.render(RealmServer.VALUES).writeTo(realm);
    var extensions = RealmServer.extensions();
    try (var postgres = TestServers.newPostgres();
        var server =
            TestServers.newKeycloak(
                new KeycloakSpec(List.of(extensions), List.of(master, realm)), postgres)) {
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
      Function<String, JsonNode> reader = path -> get(server, token, path);
      assertOfflineAccessIsForNoClient(reader);
      assertThat(steps(reader, "rowlock-browser")).isEqualTo(BROWSER_STEPS);
      assertThat(steps(reader, "rowlock-direct-grant")).isEqualTo(DIRECT_GRANT_STEPS);
      var name = "administrator-" + UUID.randomUUID();
      post(server, token, REALM + "/users", administrator(name, SECURITY_KEY));
      assertIsAskedFor("#authenticateWebAuthnButton", server, name);
      assertThat(accountPages(server).login(server.adminUser(), server.adminPassword()))
          .isNotNull();
    }
  }

  private static void assertOfflineAccessIsForNoClient(Function<String, JsonNode> reader) {
    assertThat(reader.apply(REALM + "/default-optional-client-scopes").findValuesAsString("name"))
        .doesNotContain("offline_access");
    for (var client : reader.apply(REALM + "/clients")) {
      var name = client.path("clientId").asString();
      if (client.path("bearerOnly").asBoolean()) {
        continue; // represents a realm and gets no token; Keycloak refuses changes of it
      }
      assertThat(client.path("defaultClientScopes") + " " + client.path("optionalClientScopes"))
          .as(name)
          .doesNotContain("offline_access");
      assertThat(client.path("implicitFlowEnabled").asBoolean()).as(name).isFalse();
      if (client.path("standardFlowEnabled").asBoolean()) {
        assertThat(client.at("/attributes/pkce.code.challenge.method").asString(""))
            .as(name)
            .isEqualTo("S256");
      }
    }
  }

  private static List<String> steps(Function<String, JsonNode> reader, String flow) {
    return reader
        .apply(REALM + "/authentication/flows/" + flow + "/executions")
        .valueStream()
        .map(
            step ->
                "%s %s %s %s"
                    .formatted(
                        step.path("level").asString(),
                        step.path("authenticationFlow").asBoolean()
                            ? step.path("displayName").asString()
                            : step.path("providerId").asString(),
                        step.path("requirement").asString(),
                        step.path("alias").asString(""))
                    .strip())
        .toList();
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

  private static AuthorizationCodeFlow accountPages(KeycloakServer server) {
    return new AuthorizationCodeFlow(server.issuer(Realm.MASTER), "account-console")
        .withRedirect(URI.create(server.url() + REALM + "/account/"));
  }

  private static JsonNode realms(KeycloakServer server, String token) {
    return get(server, token, "/realms?briefRepresentation=true");
  }

  private static JsonNode get(KeycloakServer server, String token, String path) {
    var answer = send(request(server, token, path).build());
    assertThat(answer.statusCode()).as(path).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private static void post(KeycloakServer server, String token, String path, String json) {
    var request =
        request(server, token, path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json))
            .build();
    assertThat(send(request).statusCode()).as(path).isEqualTo(201);
  }

  private static HttpRequest.Builder request(KeycloakServer server, String token, String path) {
    return HttpRequest.newBuilder(URI.create(server.url() + "/admin" + path))
        .header("Authorization", "Bearer " + token);
  }

  private static HttpResponse<String> passwordGrant(String name, String password, String scope) {
    var form =
        Map.of(
            "grant_type", "password",
            "client_id", "admin-cli",
            "username", name,
            "password", password,
            "scope", scope);
    return send(
        HttpRequest.newBuilder(
                URI.create(
                    RealmServer.keycloak().issuer(Realm.MASTER) + "/protocol/openid-connect/token"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(RealmServer.form(form)))
            .build());
  }

  private static HttpResponse<String> send(HttpRequest request) {
    try {
      return HTTP.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
