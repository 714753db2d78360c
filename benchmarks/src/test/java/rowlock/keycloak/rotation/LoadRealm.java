/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import rowlock.local.keycloak.AdminApi;
import rowlock.local.keycloak.KeycloakServer;
import rowlock.local.keycloak.KeycloakSpec;
import rowlock.local.testing.TestServers;
import rowlock.product.Product;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs a real Keycloak with our jar, and a realm with two clients that differ in their policy only.
 */
final class LoadRealm implements AutoCloseable {
  private static final String REALM = "load";
  private static final String PASSWORD = "a-rope-and-a-whistle";
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final KeycloakServer server;
  private final URI tokens;

  private LoadRealm(KeycloakServer server) {
    this.server = server;
    this.tokens = URI.create(server.issuer(REALM) + "/protocol/openid-connect/token");
  }

  /** Starts a server for this load alone, with its own database. */
  static LoadRealm start() {
    var realm = LoadRealm.class.getResource("/load-realm.json");
    if (realm == null) {
      throw new IllegalStateException("load-realm.json is not on the class path");
    }
    try {
      return new LoadRealm(
          TestServers.newCompiledKeycloak(
              new KeycloakSpec(List.of(Product.extension()), List.of(Path.of(realm.toURI())))));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Contains the response of the token endpoint.
   *
   * @param refreshToken empty if there is none
   * @param problem the reason for a missing token, without any credential
   */
  record Answer(String refreshToken, String problem) {
    boolean isGood() {
      return problem.isEmpty();
    }
  }

  /** Registers users with a password each, which the server hashes with its default parameters. */
  void register(List<String> names) {
    var users =
        names.stream()
            .map(
                name ->
                    Map.<String, Object>of(
                        "username",
                        name,
                        "email",
                        name,
                        "firstName",
                        "Ann",
                        "lastName",
                        "Rower",
                        "emailVerified",
                        true,
                        "enabled",
                        true,
                        "realmRoles",
                        List.of("default-roles-" + REALM),
                        "credentials",
                        List.of(Map.of("type", "password", "value", PASSWORD))))
            .toList();
    new AdminApi(server)
        .post(
            "/realms/" + REALM + "/partialImport",
            JSON.writeValueAsString(Map.of("ifResourceExists", "FAIL", "users", users)));
  }

  /**
   * Opens a session.
   *
   * @return its first refresh token
   * @throws IllegalStateException if the server refuses
   */
  String login(Rotation client, String name) {
    var answer =
        ask(
            Map.of(
                "grant_type",
                "password",
                "client_id",
                client.clientId(),
                "username",
                name,
                "password",
                PASSWORD,
                "scope",
                "openid"));
    if (!answer.isGood()) {
      throw new IllegalStateException("A login failed: " + answer.problem());
    }
    return answer.refreshToken();
  }

  /** Exchanges a refresh token (RFC 6749 §6). */
  Answer refresh(Rotation client, String refreshToken) {
    return ask(
        Map.of(
            "grant_type",
            "refresh_token",
            "client_id",
            client.clientId(),
            "refresh_token",
            refreshToken));
  }

  /** Returns the CPU time of the server since its start. */
  Duration cpuTime() {
    return ProcessHandle.of(server.pid())
        .flatMap(process -> process.info().totalCpuDuration())
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "The CPU time of processes is unavailable on this system"));
  }

  /**
   * Returns the number of refreshes of a client that our rotation has answered with a new token.
   */
  long rotatedByUs(Rotation client) {
    var request = HttpRequest.newBuilder(URI.create(server.managementUrl() + "/metrics")).build();
    try {
      return send(request)
          .body()
          .lines()
          .filter(line -> line.startsWith("rowlock_refresh_total{"))
          .filter(line -> line.contains("client_id=\"" + client.clientId() + "\""))
          .filter(line -> line.contains("outcome=\"rotated\""))
          .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    http.close();
    server.close();
  }

  private Answer ask(Map<String, String> form) {
    var body =
        form.entrySet().stream()
            .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
            .collect(Collectors.joining("&"));
    try {
      return read(
          send(
              HttpRequest.newBuilder(tokens)
                  .timeout(LIMIT)
                  .header("Content-Type", "application/x-www-form-urlencoded")
                  .POST(BodyPublishers.ofString(body))
                  .build()));
    } catch (IOException e) {
      return new Answer("", "no response: " + e);
    }
  }

  private static Answer read(HttpResponse<String> response) {
    var body =
        response.body().startsWith("{") ? JSON.readTree(response.body()) : JSON.createObjectNode();
    var refreshToken = body.path("refresh_token").asString("");
    return response.statusCode() == 200 && !refreshToken.isEmpty()
        ? new Answer(refreshToken, "")
        : new Answer(
            "", response.statusCode() + " " + body.path("error_description").asString("no reason"));
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted during a call of Keycloak", e);
    }
  }
}
