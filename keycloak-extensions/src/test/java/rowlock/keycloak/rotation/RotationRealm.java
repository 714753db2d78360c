/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

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
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import rowlock.local.keycloak.AdminApi;
import rowlock.local.keycloak.KeycloakServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The realm {@code rotation}, on one server or on any node of several. Its clients are named after
 * their rotation: {@code default-grace} the defaults, {@code grace-60s} 60 s, {@code grace-1s} 1 s,
 * {@code no-grace} none, {@code until-used} until the successor is used, {@code no-policy} without
 * a policy. {@code confidential}, 60 s, is the only one with a secret, which equals its name.
 */
record RotationRealm(KeycloakServer server) {
  static final String REALM = "rotation";
  static final String PASSWORD = "a-rope-and-a-whistle";
  static final JsonMapper JSON = JsonMapper.shared();

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** A response of the token endpoint. */
  record Answer(int status, JsonNode body) {
    String refreshToken() {
      assertThat(status).as(body.toString()).isEqualTo(200);
      return body.path("refresh_token").asString();
    }

    String accessToken() {
      assertThat(status).as(body.toString()).isEqualTo(200);
      return body.path("access_token").asString();
    }

    String problem() {
      return body.path("error_description").asString("");
    }
  }

  AdminApi admin() {
    return new AdminApi(server);
  }

  JsonNode read(String path) {
    return admin().get("/realms/" + REALM + path);
  }

  /** Creates users and returns their names. */
  List<String> users(int count) {
    var users = new ArrayList<Map<String, Object>>();
    for (var i = 0; i < count; i++) {
      var name = "user-" + UUID.randomUUID() + "@example.org";
      users.add(
          Map.of(
              "username",
              name,
              "email",
              name,
              "firstName",
              "Ann",
              "lastName",
              "Example",
              "emailVerified",
              true,
              "enabled",
              true,
              "realmRoles",
              List.of("default-roles-" + REALM),
              "credentials",
              List.of(Map.of("type", "password", "value", PASSWORD))));
    }
    admin()
        .post(
            "/realms/" + REALM + "/partialImport",
            JSON.writeValueAsString(Map.of("ifResourceExists", "FAIL", "users", users)));
    return users.stream().map(user -> (String) user.get("username")).toList();
  }

  String user() {
    return users(1).get(0);
  }

  Answer login(String client, String user) {
    return login(client, user, "openid");
  }

  Answer login(String client, String user, String scope, String... headers) {
    return token(
        Map.of(
            "client_secret",
            client,
            "grant_type",
            "password",
            "client_id",
            client,
            "username",
            user,
            "password",
            PASSWORD,
            "scope",
            scope),
        headers);
  }

  Answer refresh(String client, String refreshToken, String... headers) {
    return token(
        Map.of("grant_type", "refresh_token", "client_id", client, "refresh_token", refreshToken),
        headers);
  }

  /** Refreshes with further parameters, such as a scope or a client's secret. */
  Answer refresh(
      String client, String refreshToken, Map<String, String> parameters, String... headers) {
    var form = new HashMap<>(parameters);
    form.put("grant_type", "refresh_token");
    form.put("client_id", client);
    form.put("refresh_token", refreshToken);
    return token(form, headers);
  }

  int userinfo(String accessToken) {
    return send(HttpRequest.newBuilder(endpoint("userinfo"))
            .header("Authorization", "Bearer " + accessToken))
        .status();
  }

  Answer post(String endpoint, Map<String, String> form) {
    return send(form(endpoint(endpoint), form));
  }

  URI endpoint(String name) {
    return URI.create(server.url() + "/realms/" + REALM + "/protocol/openid-connect/" + name);
  }

  /** Returns the sum of a metric, with this text in its labels; 0 if missing. */
  double metric(String name, String label) {
    var request = HttpRequest.newBuilder(URI.create(server.managementUrl() + "/metrics")).build();
    try {
      return HTTP.send(request, BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith(name) && line.contains(label))
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

  private Answer token(Map<String, String> form, String... headers) {
    var request = form(endpoint("token"), form);
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  private static HttpRequest.Builder form(URI address, Map<String, String> form) {
    var body =
        new HashMap<>(form)
            .entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
    return HttpRequest.newBuilder(address)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(BodyPublishers.ofString(body));
  }

  private static Answer send(HttpRequest.Builder request) {
    try {
      var response = HTTP.send(request.timeout(LIMIT).build(), BodyHandlers.ofString());
      var body = response.body();
      return new Answer(
          response.statusCode(),
          body.startsWith("{") ? JSON.readTree(body) : JSON.createObjectNode());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
