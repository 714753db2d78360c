/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Base64;
import rowlock.local.login.Tokens;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Represents a user with the tokens of one session. */
record Person(Rowlock rowlock, String email, Tokens tokens) {

  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private static final JsonMapper JSON = new JsonMapper();

  /** Returns the user's {@code sub}. */
  String subject() {
    return claims().path("sub").asString();
  }

  JsonNode claims() {
    return JSON.readTree(Base64.getUrlDecoder().decode(tokens.accessToken().split("\\.")[1]));
  }

  Answer get(String path) {
    return send("GET", path, null);
  }

  /**
   * @param body JSON, or null for none
   */
  Answer send(String method, String path, String body) {
    return send(rowlock, "Bearer " + tokens.accessToken(), method, path, body);
  }

  static Answer send(
      Rowlock rowlock, String authorization, String method, String path, String body) {
    var request =
        HttpRequest.newBuilder(rowlock.api(path))
            .timeout(Duration.ofSeconds(15))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    return send(request.build());
  }

  static Answer send(HttpRequest request) {
    try {
      var response = HTTP.send(request, BodyHandlers.ofString());
      return new Answer(response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Contains a response of the API. */
  record Answer(HttpResponse<String> response) {
    int status() {
      return response.statusCode();
    }

    String body() {
      return response.body();
    }

    JsonNode json() {
      return JSON.readTree(response.body());
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }
  }
}
