/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import rowlock.field.FieldReport;
import rowlock.keycloak.ExtensionServer;
import rowlock.local.keycloak.AdminApi;
import rowlock.local.keycloak.KeycloakServer;
import rowlock.local.login.AuthorizationCodeFlow;
import rowlock.local.login.BrowserSession;
import rowlock.local.login.OAuthException;
import rowlock.local.login.Tokens;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The audit listener in a real server, with logins through the real pages. */
class AuditIT {
  private static final String REALM = "audit";
  private static final String CLIENT = "app";
  private static final String PASSWORD = "a-pear-in-a-partridge-tree";
  private static final JsonMapper JSON = JsonMapper.shared();

  private static KeycloakServer keycloak;
  private static AuthorizationCodeFlow flow;
  private static AdminApi admin;

  @BeforeAll
  static void start() {
    keycloak = ExtensionServer.shared();
    flow = new AuthorizationCodeFlow(keycloak.issuer(REALM), CLIENT);
    admin = new AdminApi(keycloak);
  }

  @Test
  void theServerInfoPageShowsTheVersion() {
    var shown =
        admin
            .get("/serverinfo")
            .at("/providers/eventsListener/providers/rowlock-audit/operationalInfo/Version")
            .asString();

    assertThat(shown).matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
  }

  @Test
  void registrationAndItsLogin_areLoggedWithTheSameSession() {
    var claims = claims(register(newAddress()).accessToken());

    var registered = awaitLine(event("REGISTER").and(of(claims)));
    assertThat(registered)
        .containsEntry("kind", "identity")
        .containsEntry("outcome", "success")
        .containsEntry("register_method", "form");
    var login = awaitLine(event("LOGIN").and(of(claims)));
    assertThat(login)
        .containsEntry("outcome", "success")
        .containsEntry("realm", REALM)
        .containsEntry("client_id", CLIENT)
        .containsEntry("session_id", claims.path("sid").asString())
        .containsEntry("ip", "127.0.0.1");
  }

  @Test
  void failedLogin_isLoggedWithUserIdWithoutName() {
    var address = newAddress();
    var claims = claims(register(address).accessToken());

    assertThatThrownBy(() -> flow.login(address, "not the password"))
        .isInstanceOf(IllegalStateException.class);

    assertThat(awaitLine(event("LOGIN").and(of(claims)).and(failed())))
        .containsEntry("reason", "invalid_user_credentials")
        .doesNotContainValue(address);
  }

  @Test
  void loginWithUnknownAddress_isLoggedWithoutAddress() throws IOException {
    var address = newAddress();

    assertThatThrownBy(() -> flow.login(address, PASSWORD))
        .isInstanceOf(IllegalStateException.class);

    awaitLine(
        event("LOGIN").and(failed()).and(line -> "user_not_found".equals(line.get("reason"))));
    assertThat(Files.readString(keycloak.logFile())).doesNotContain(address);
  }

  @Test
  void refresh_isLoggedWithUsedTokenId() {
    var tokens = register(newAddress());

    flow.refresh(tokens.requireRefreshToken());

    var line = awaitLine(event("REFRESH_TOKEN").and(of(claims(tokens.accessToken()))));
    assertThat(line)
        .containsEntry("outcome", "success")
        .containsEntry(
            "refresh_token_id", claims(tokens.requireRefreshToken()).path("jti").asString())
        .containsEntry("refresh_token_type", "Refresh");
  }

  @Test
  void refreshTokenUsedTwice_isLoggedAsFailureWithCause() {
    var tokens = register(newAddress());
    flow.refresh(tokens.requireRefreshToken());

    assertThatThrownBy(() -> flow.refresh(tokens.requireRefreshToken()))
        .isInstanceOf(OAuthException.class);

    var id = claims(tokens.requireRefreshToken()).path("jti").asString();
    assertThat(
            awaitLine(
                event("REFRESH_TOKEN")
                    .and(failed())
                    .and(line -> id.equals(line.get("refresh_token_id")))))
        .containsEntry("reason", "invalid_token")
        .containsEntry("cause", "Maximum allowed refresh token reuse exceeded");
  }

  @Test
  void logout_isLoggedWithSession() {
    var tokens = register(newAddress());

    flow.logout(tokens.requireRefreshToken());

    var claims = claims(tokens.accessToken());
    assertThat(awaitLine(event("LOGOUT").and(of(claims))))
        .containsEntry("session_id", claims.path("sid").asString());
  }

  @Test
  void adminChange_isLoggedByIdsOnly() throws IOException {
    var user = claims(register(newAddress()).accessToken()).path("sub").asString();
    var role = "role-" + UUID.randomUUID();

    admin.post(
        "/realms/" + REALM + "/roles",
        "{\"name\":\"" + role + "\",\"description\":\"content of " + role + "\"}");
    admin.put(
        "/realms/" + REALM + "/users/" + user + "/reset-password",
        "{\"type\":\"password\",\"value\":\"" + PASSWORD + "-2\"}");

    assertThat(
            awaitLine(line -> ("users/" + user + "/reset-password").equals(line.get("resource"))))
        .containsEntry("kind", "admin")
        .containsEntry("event", "ACTION")
        .containsEntry("resource_type", "USER")
        .containsEntry("outcome", "success")
        .containsEntry("by_realm", "master")
        .containsKeys("by_user", "ip");
    assertThat(awaitLine(line -> "REALM_ROLE".equals(line.get("resource_type"))))
        .containsEntry("resource", "roles/*");
    assertThat(Files.readString(keycloak.logFile())).doesNotContain(role);
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/20073")
  @Test
  void storedEvents_anonymousFlood_isLimitedSuccessIsStored() {
    admin.put("/realms/" + REALM + "/events/config", "{\"eventsEnabled\":true}");
    // an address of its own, so that the limit of the log does not withhold lines of other tests
    var ip = "192.0.2.66";
    var client = "x".repeat(1_000);
    for (var i = 0; i < 3 * ExtensionServer.STORED_PER_ADDRESS; i++) {
      var browser = new BrowserSession();
      browser.sendHeader("X-Forwarded-For", ip);
      browser.open(
          URI.create(
              keycloak.issuer(REALM)
                  + "/protocol/openid-connect/auth?response_type=code&client_id="
                  + client));
    }
    var claims = claims(register(newAddress()).accessToken());

    assertThat(
            admin
                .get("/realms/" + REALM + "/events?max=1000&type=LOGIN_ERROR&ipAddress=" + ip)
                .size())
        .isBetween(1, ExtensionServer.STORED_PER_ADDRESS);
    assertThat(
            admin.get(
                "/realms/" + REALM + "/events?type=REGISTER&user=" + claims.path("sub").asString()))
        .hasSize(1);
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/52103")
  @Test
  void clientIdWithLineBreak_doesNotForgeALine() throws Exception {
    var forged = "x\n{\"kind\":\"identity\",\"event\":\"LOGIN\",\"user_id\":\"forged\"}";
    var form = "response_type=code&client_id=" + URLEncoder.encode(forged, StandardCharsets.UTF_8);

    post(keycloak.issuer(REALM) + "/protocol/openid-connect/auth", form);

    awaitLine(
        event("LOGIN")
            .and(failed())
            .and(line -> line.getOrDefault("client_id", "").startsWith("x\n{")));
    assertThat(lines()).noneMatch(line -> "forged".equals(line.get("user_id")));
  }

  @Test
  void concurrentRegistrations_onlyCommittedOneIsLogged() throws Exception {
    var address = newAddress();
    var forms = new ArrayList<Callable<Integer>>();
    for (var i = 0; i < 6; i++) {
      var form = flow.begin().loginPage().follow("a[href*=registration]");
      var fields =
          Map.of(
              "email",
              address,
              "password",
              PASSWORD,
              "password-confirm",
              PASSWORD,
              "firstName",
              "Pear",
              "lastName",
              "Tree");
      forms.add(() -> form.submit("kc-register-form", fields).status());
    }
    var before = registrations();
    try (var users = Executors.newFixedThreadPool(forms.size())) {
      users.invokeAll(forms);
    }

    // a later event of the same log, so that the earlier lines have been written
    awaitLine(event("LOGIN").and(of(claims(flow.login(address, PASSWORD).accessToken()))));
    assertThat(registrations() - before).isEqualTo(1);
  }

  @Test
  void serverLog_containsNoSecretsAndNoAddresses() throws IOException {
    var address = newAddress();
    var registered = register(address);
    var refreshed = flow.refresh(registered.requireRefreshToken());
    assertThatThrownBy(() -> flow.login(address, "wrong-" + PASSWORD))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> flow.refresh(registered.requireRefreshToken()))
        .isInstanceOf(OAuthException.class);
    flow.revoke(refreshed.accessToken());
    awaitLine(event("LOGIN").and(failed()).and(of(claims(registered.accessToken()))));

    var log = Files.readString(keycloak.logFile());

    assertThat(log).doesNotContain(address, address.substring(0, address.indexOf('@')), PASSWORD);
    for (var tokens : List.of(registered, refreshed)) {
      for (var token :
          List.of(tokens.accessToken(), tokens.requireRefreshToken(), tokens.idToken())) {
        assertThat(log)
            .doesNotContain(token)
            .doesNotContain(token.substring(token.lastIndexOf('.') + 1));
      }
    }
  }

  private static void post(String url, String form) throws IOException, InterruptedException {
    try (var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      http.send(
          HttpRequest.newBuilder(URI.create(url))
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(HttpRequest.BodyPublishers.ofString(form))
              .build(),
          HttpResponse.BodyHandlers.discarding());
    }
  }

  private static Tokens register(String address) {
    return flow.register(address, PASSWORD, "Pear", "Tree");
  }

  private static String newAddress() {
    return "picker-" + UUID.randomUUID() + "@example.org";
  }

  private static long registrations() {
    return lines().stream().filter(event("REGISTER").and(failed().negate())).count();
  }

  private static Predicate<Map<String, String>> event(String name) {
    return line -> name.equals(line.get("event"));
  }

  private static Predicate<Map<String, String>> failed() {
    return line -> "failure".equals(line.get("outcome"));
  }

  private static Predicate<Map<String, String>> of(JsonNode claims) {
    return line -> claims.path("sub").asString().equals(line.get("user_id"));
  }

  private static Map<String, String> awaitLine(Predicate<Map<String, String>> wanted) {
    return await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> lines().stream().filter(wanted).findFirst().orElse(null), found -> found != null);
  }

  /** Returns the lines of the category, each of which must be one JSON object. */
  @SuppressWarnings("unchecked")
  private static List<Map<String, String>> lines() {
    return keycloak.log().messages("rowlock.audit").stream()
        .map(line -> (Map<String, String>) JSON.readValue(line, Map.class))
        .toList();
  }

  private static JsonNode claims(String jwt) {
    var payload = Base64.getUrlDecoder().decode(jwt.split("\\.")[1]);
    return JSON.readTree(payload);
  }
}
