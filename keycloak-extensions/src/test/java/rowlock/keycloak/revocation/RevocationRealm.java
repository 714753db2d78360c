/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import rowlock.local.keycloak.AdminApi;
import rowlock.local.keycloak.KeycloakServer;
import rowlock.local.login.AuthorizationCodeFlow;
import rowlock.local.login.BrowserSession;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The realm {@code revocation} as its users, clients and administrators see it. Its client {@code
 * api} receives events.
 */
record RevocationRealm(KeycloakServer server) {
  static final String REALM = "revocation";
  static final String PASSWORD = "a-correct-password";
  static final JsonMapper JSON = JsonMapper.shared();

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** A user of the realm. */
  record Person(String id, String name) {}

  /** The tokens of a client for a user. */
  record Login(String sessionId, String accessToken, String refreshToken) {}

  /** A response of Keycloak. */
  record Answer(int status, JsonNode body) {}

  AdminApi admin() {
    return new AdminApi(server);
  }

  String path(String path) {
    return "/realms/" + REALM + path;
  }

  /** Creates a user. */
  Person person() {
    var name = "user-" + UUID.randomUUID() + "@example.org";
    admin()
        .post(
            path("/users"),
            JSON.writeValueAsString(
                Map.of(
                    "username",
                    name,
                    "email",
                    name,
                    "firstName",
                    "Ida",
                    "lastName",
                    "Lewis",
                    "emailVerified",
                    true,
                    "enabled",
                    true,
                    "credentials",
                    List.of(Map.of("type", "password", "value", PASSWORD)))));
    var id = admin().get(path("/users?exact=true&username=" + name)).path(0).path("id").asString();
    return new Person(id, name);
  }

  Login login(String client, Person person) {
    return login(client, person, "openid");
  }

  Login login(String client, Person person, String scope) {
    return login(
        post(
            "token",
            Map.of(
                "grant_type", "password",
                "client_id", client,
                "username", person.name(),
                "password", PASSWORD,
                "scope", scope)));
  }

  Answer refresh(String client, String refreshToken) {
    return post(
        "token",
        Map.of("grant_type", "refresh_token", "client_id", client, "refresh_token", refreshToken));
  }

  Login login(Answer answer) {
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    var access = answer.body().path("access_token").asString();
    return new Login(
        claims(access).path("sid").asString(),
        access,
        answer.body().path("refresh_token").asString(""));
  }

  Answer post(String endpoint, Map<String, String> form) {
    return postTo("/protocol/openid-connect/" + endpoint, form);
  }

  /** Sends a form to an address below the issuer. */
  Answer postTo(String path, Map<String, String> form) {
    return postIn(REALM, path, form);
  }

  /** Sends a form to an address below the issuer of another realm. */
  Answer postIn(String realm, String path, Map<String, String> form) {
    var body =
        new HashMap<>(form)
            .entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
    return send(
        HttpRequest.newBuilder(URI.create(server.url() + "/realms/" + realm + path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(body)));
  }

  /** Calls the account API, which the account console uses, as the user of the token. */
  Answer account(String method, String path, String accessToken) {
    return send(
        HttpRequest.newBuilder(URI.create(server.url() + "/realms/" + REALM + "/account" + path))
            .header("Authorization", "Bearer " + accessToken)
            .header("Accept", "application/json")
            .method(method, BodyPublishers.noBody()));
  }

  /** Returns a login through the pages, in a browser that may be signed in already. */
  AuthorizationCodeFlow flow(String client) {
    return new AuthorizationCodeFlow(server.issuer(REALM), client);
  }

  /** Signs a user in with a browser. */
  Login login(AuthorizationCodeFlow flow, BrowserSession browser, Person person) {
    var attempt = flow.begin(browser);
    var page = attempt.loginPage();
    var tokens =
        attempt.finish(
            page.hasForm("kc-form-login")
                ? page.submit(
                    "kc-form-login", Map.of("username", person.name(), "password", PASSWORD))
                : page);
    return new Login(
        claims(tokens.accessToken()).path("sid").asString(),
        tokens.accessToken(),
        tokens.requireRefreshToken());
  }

  /** Returns the URL that asks the signed-in user for an action, as the account console does. */
  URI action(String name) {
    return URI.create(
        server.url()
            + "/realms/"
            + REALM
            + "/protocol/openid-connect/auth?response_type=code&client_id=app&scope=openid"
            + "&redirect_uri=http%3A%2F%2F127.0.0.1%3A7777%2Fcallback&kc_action="
            + name);
  }

  /** Grants a role of a client to a user. */
  void grant(Person person, String clientId, String role) {
    var client = admin().get(path("/clients?clientId=" + clientId)).path(0).path("id").asString();
    var found = admin().get(path("/clients/" + client + "/roles/" + role));
    admin()
        .post(
            path("/users/" + person.id() + "/role-mappings/clients/" + client), "[" + found + "]");
  }

  /** Returns whether a session can still be refreshed. */
  boolean lives(String client, Login login) {
    return refresh(client, login.refreshToken()).status() == 200;
  }

  /** Sends a request with an access token, for example to the admin API. */
  Answer send(String method, String path, String accessToken, String json) {
    return send(
        HttpRequest.newBuilder(URI.create(server.url() + path))
            .header("Authorization", "Bearer " + accessToken)
            .header("Accept", "application/json")
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(json)));
  }

  /** Sets attributes of a client and keeps the others. */
  void attributes(String clientId, Map<String, String> attributes) {
    var client = admin().get(path("/clients?clientId=" + clientId)).path(0);
    admin()
        .put(
            path("/clients/" + client.path("id").asString()),
            JSON.writeValueAsString(Map.of("clientId", clientId, "attributes", attributes)));
  }

  /** Signs a user out and returns the duration. */
  Duration logout(String client, Login login) {
    var start = System.nanoTime();
    var answer = post("logout", Map.of("client_id", client, "refresh_token", login.refreshToken()));
    var took = Duration.ofNanos(System.nanoTime() - start);
    assertThat(answer.status()).isEqualTo(204);
    return took;
  }

  /** Returns the sum of a metric over the lines that have all these texts; 0 if there are none. */
  double metric(String name, String... labels) {
    var request = HttpRequest.newBuilder(URI.create(server.managementUrl() + "/metrics")).build();
    try {
      return HTTP.send(request, BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
          .filter(line -> Stream.of(labels).allMatch(line::contains))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static JsonNode claims(String jwt) {
    return JSON.readTree(Base64.getUrlDecoder().decode(jwt.split("\\.")[1]));
  }

  private static Answer send(HttpRequest.Builder request) {
    try {
      var response =
          HTTP.send(request.timeout(Duration.ofSeconds(60)).build(), BodyHandlers.ofString());
      var body = response.body();
      return new Answer(
          response.statusCode(),
          body.startsWith("{") || body.startsWith("[")
              ? JSON.readTree(body)
              : JSON.createObjectNode());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
