/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.login;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls the endpoints of an issuer that answer JSON, by its metadata (OpenID Connect Discovery).
 */
final class AuthorizationServer {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);

  private final JsonNode metadata;
  private final @Nullable DpopKey key;

  private AuthorizationServer(JsonNode metadata, @Nullable DpopKey key) {
    this.metadata = metadata;
    this.key = key;
  }

  /** Reads the metadata of an issuer. */
  static AuthorizationServer of(String issuer) {
    var request = HttpRequest.newBuilder(URI.create(issuer + "/.well-known/openid-configuration"));
    return new AuthorizationServer(ok(send(request)), null);
  }

  /** Returns a copy that adds a proof of this key to each request (RFC 9449 §5). */
  AuthorizationServer withKey(DpopKey newKey) {
    return new AuthorizationServer(metadata, newKey);
  }

  /** Returns an endpoint by its name in the metadata, {@code token_endpoint} for example. */
  URI endpoint(String name) {
    return URI.create(metadata.path(name).asString());
  }

  /**
   * Requests tokens.
   *
   * @throws OAuthException if the endpoint returns an error
   */
  Tokens tokens(Map<String, String> form) {
    var answer = post("token_endpoint", form);
    return new Tokens(
        answer.path("access_token").asString(),
        answer.path("token_type").asString(),
        answer.path("refresh_token").asString(null),
        answer.path("id_token").asString(null),
        Duration.ofSeconds(answer.path("expires_in").asLong()));
  }

  /**
   * Sends a form to an endpoint.
   *
   * @throws OAuthException if the endpoint returns an error
   */
  JsonNode post(String endpoint, Map<String, String> form) {
    var request =
        HttpRequest.newBuilder(endpoint(endpoint))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(Forms.encode(form)));
    if (key != null) {
      request.header("DPoP", key.proof("POST", endpoint(endpoint)));
    }
    return ok(send(request));
  }

  private static JsonNode ok(HttpResponse<String> response) {
    var body =
        response.body().startsWith("{") ? JSON.readTree(response.body()) : JSON.createObjectNode();
    if (response.statusCode() / 100 != 2) {
      throw new OAuthException(
          response.statusCode(),
          body.path("error").asString("no_error_code"),
          body.path("error_description").asString(""));
    }
    return body;
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return HTTP.send(request.timeout(ANSWER_LIMIT).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted during a call of the authorization server", e);
    }
  }
}
