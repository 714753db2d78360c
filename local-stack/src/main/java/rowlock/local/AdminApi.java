/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

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

/**
 * Keycloak's admin REST API as the administrator of all realms: for tests that look behind the
 * pages, or do what an operator does. Paths are relative to {@code /admin}. Thread-safe.
 */
public final class AdminApi {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);

  private final KeycloakServer server;

  /** For a running server. */
  public AdminApi(KeycloakServer server) {
    this.server = server;
  }

  /** Reads, {@code /realms/garden/users?max=10} for example. */
  public JsonNode get(String path) {
    return send("GET", path, BodyPublishers.noBody());
  }

  /** Creates, or runs an action. */
  public JsonNode post(String path, String json) {
    return send("POST", path, BodyPublishers.ofString(json));
  }

  /** Replaces. */
  public JsonNode put(String path, String json) {
    return send("PUT", path, BodyPublishers.ofString(json));
  }

  /** Deletes. */
  public JsonNode delete(String path) {
    return send("DELETE", path, BodyPublishers.noBody());
  }

  // A new token for each request: they live a minute, and tests do not hurry.
  private JsonNode send(String method, String path, BodyPublisher body) {
    return exchange(
        HttpRequest.newBuilder(URI.create(server.url() + "/admin" + path))
            .header("Authorization", "Bearer " + token())
            .header("Content-Type", "application/json")
            .method(method, body));
  }

  private String token() {
    var form =
        "grant_type=password&client_id=admin-cli&username="
            + URLEncoder.encode(server.adminUser(), StandardCharsets.UTF_8)
            + "&password="
            + URLEncoder.encode(server.adminPassword(), StandardCharsets.UTF_8);
    var address = URI.create(server.issuer("master") + "/protocol/openid-connect/token");
    return exchange(
            HttpRequest.newBuilder(address)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)))
        .path("access_token")
        .asString();
  }

  private static JsonNode exchange(HttpRequest.Builder builder) {
    var request = builder.timeout(ANSWER_LIMIT).build();
    HttpResponse<String> response;
    try {
      response = HTTP.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while asking the admin API", e);
    }
    if (response.statusCode() / 100 != 2) {
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
