/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import rowlock.keycloak.revocation.delivery.Courier.Outcome;
import rowlock.keycloak.revocation.delivery.Courier.Result;

/**
 * Sends a security event token (RFC 8935 §2). Goes exactly where the setting says: redirects are
 * not followed, and no proxy that the process happens to have is asked.
 */
final class HttpPush {
  private static final int ACCEPTED = 202;
  private static final int BAD_REQUEST = 400;
  private static final int LONGEST_BODY = 2048;
  private static final ObjectMapper JSON = new JsonMapper();

  /** RFC 8935 §2.4. */
  private static final Set<String> CODES =
      Set.of(
          "invalid_request",
          "invalid_key",
          "invalid_issuer",
          "invalid_audience",
          "authentication_failed",
          "access_denied");

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .proxy(HttpClient.Builder.NO_PROXY)
          .connectTimeout(Duration.ofMillis(500))
          .build();

  /** Sends one token and waits for the answer. */
  Result send(URI address, String token, Duration timeout) throws InterruptedException {
    var request =
        HttpRequest.newBuilder(address)
            .timeout(timeout)
            .header("Content-Type", "application/" + SecurityEventToken.TYPE)
            .header("Accept", "application/json")
            .POST(BodyPublishers.ofString(token))
            .build();
    try {
      var response = http.send(request, BodyHandlers.ofInputStream());
      try (var body = response.body()) {
        return switch (response.statusCode()) {
          case ACCEPTED -> new Result(Outcome.DELIVERED, "");
          case BAD_REQUEST -> new Result(Outcome.REFUSED, "answered 400, " + code(body));
          default -> new Result(Outcome.FAILED, "answered " + response.statusCode());
        };
      }
    } catch (IOException e) {
      return new Result(Outcome.UNREACHABLE, e.getClass().getSimpleName());
    }
  }

  /** The error code, if it is one; the description is free text from outside. */
  private static String code(InputStream body) throws IOException {
    try {
      var code = JSON.readTree(body.readNBytes(LONGEST_BODY)).path("err").asText();
      return CODES.contains(code) ? code : "no known error code";
    } catch (JsonProcessingException e) {
      return "no known error code";
    }
  }
}
