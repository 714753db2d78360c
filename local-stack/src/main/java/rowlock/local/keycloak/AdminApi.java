/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.keycloak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Calls Keycloak's admin REST API as the administrator of all realms. Tests use it to read the
 * server's state or to do what an operator does. Paths are relative to {@code /admin}. It signs in
 * again after half of a token's lifetime, because the server limits logins of one account that
 * follow each other at once. Thread-safe.
 */
public final class AdminApi {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);

  private static final Duration TOKEN_USE = Duration.ofSeconds(30);

  private final KeycloakServer server;
  private String token = "";
  private long tokenNanos;

  /** Uses a running server. */
  public AdminApi(KeycloakServer server) {
    this.server = server;
  }

  /** Sends GET, for example {@code /realms/garden/users?max=10}. */
  public JsonNode get(String path) {
    return send("GET", path, BodyPublishers.noBody());
  }

  /** Sends POST, to create an object or to run an action. */
  public JsonNode post(String path, String json) {
    return send("POST", path, BodyPublishers.ofString(json));
  }

  /** Sends PUT, to replace an object. */
  public JsonNode put(String path, String json) {
    return send("PUT", path, BodyPublishers.ofString(json));
  }

  /**
   * Changes the fields that a JSON object names and keeps the others, also in nested objects. Lists
   * are replaced.
   */
  public void merge(String path, String json) {
    if (!(get(path) instanceof ObjectNode present
        && JSON.readTree(json) instanceof ObjectNode changed)) {
      throw new IllegalArgumentException("Only an object can be merged into " + path);
    }
    merge(present, changed);
    put(path, present.toString());
  }

  private static void merge(ObjectNode into, ObjectNode from) {
    for (var member : from.properties()) {
      if (into.get(member.getKey()) instanceof ObjectNode inner
          && member.getValue() instanceof ObjectNode changes) {
        merge(inner, changes);
      } else {
        into.set(member.getKey(), member.getValue());
      }
    }
  }

  /** Sends DELETE. */
  public JsonNode delete(String path) {
    return send("DELETE", path, BodyPublishers.noBody());
  }

  private JsonNode send(String method, String path, BodyPublisher body) {
    var request =
        HttpRequest.newBuilder(URI.create(server.url() + "/admin" + path))
            .header("Content-Type", "application/json")
            .method(method, body);
    var response = answer(request.setHeader("Authorization", "Bearer " + token()));
    if (response.statusCode() == 401) {
      // the server no longer has the session, for example because its database was restored
      forgetToken();
      response = answer(request.setHeader("Authorization", "Bearer " + token()));
    }
    return content(response);
  }

  private synchronized void forgetToken() {
    token = "";
  }

  private synchronized String token() {
    if (token.isEmpty() || System.nanoTime() - tokenNanos > TOKEN_USE.toNanos()) {
      token = signIn();
      tokenNanos = System.nanoTime();
    }
    return token;
  }

  private String signIn() {
    var form =
        "grant_type=password&client_id=admin-cli&username="
            + URLEncoder.encode(server.adminUser(), StandardCharsets.UTF_8)
            + "&password="
            + URLEncoder.encode(server.adminPassword(), StandardCharsets.UTF_8);
    var address = URI.create(server.issuer("master") + "/protocol/openid-connect/token");
    return content(
            answer(
                HttpRequest.newBuilder(address)
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString(form))))
        .path("access_token")
        .asString();
  }

  private static HttpResponse<String> answer(HttpRequest.Builder request) {
    try {
      return HTTP.send(request.timeout(ANSWER_LIMIT).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted during a call of the admin API", e);
    }
  }

  private static JsonNode content(HttpResponse<String> response) {
    if (response.statusCode() / 100 != 2) {
      var request = response.request();
      throw new IllegalStateException(
          request.method()
              + " "
              + request.uri().getPath()
              + " was answered "
              + response.statusCode()
              + ": "
              + response.body());
    }
    return response.body().isBlank() ? JSON.createObjectNode() : JSON.readTree(response.body());
  }
}
