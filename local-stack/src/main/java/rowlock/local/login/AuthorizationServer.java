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
 * The machine side of an issuer: its metadata (OpenID Connect Discovery) and the endpoints that
 * answer JSON.
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

  /** The same, with a proof of this key in each request (RFC 9449 §5). */
  AuthorizationServer withKey(DpopKey newKey) {
    return new AuthorizationServer(metadata, newKey);
  }

  /** An endpoint by its name in the metadata, {@code token_endpoint} for example. */
  URI endpoint(String name) {
    return URI.create(metadata.path(name).asString());
  }

  /** Asks the token endpoint. @throws OAuthException if it refuses */
  Tokens tokens(Map<String, String> form) {
    var answer = post("token_endpoint", form);
    return new Tokens(
        answer.path("access_token").asString(),
        answer.path("token_type").asString(),
        answer.path("refresh_token").asString(null),
        answer.path("id_token").asString(null),
        Duration.ofSeconds(answer.path("expires_in").asLong()));
  }

  /** Sends a form to an endpoint. @throws OAuthException if it refuses */
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
      throw new IllegalStateException("Interrupted while asking the authorization server", e);
    }
  }
}
