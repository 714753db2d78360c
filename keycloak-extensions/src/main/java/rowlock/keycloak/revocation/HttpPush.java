/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * Sends a security event token (RFC 8935 §2). Goes exactly where the setting says: redirects are
 * not followed, and no proxy that the process happens to have is asked.
 */
final class HttpPush {
  private static final int ACCEPTED = 202;
  private static final int BAD_REQUEST = 400;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .proxy(HttpClient.Builder.NO_PROXY)
          .build();

  /** What became of it. */
  enum Outcome {
    /** The receiver has it, for good. */
    DELIVERED,
    /** The receiver answers, but does not take this one. */
    REFUSED,
    /** The receiver does not answer, or not as it should. */
    UNREACHABLE
  }

  /**
   * The end of one attempt.
   *
   * @param outcome what became of it
   * @param error for an operator; empty when delivered
   */
  record Result(Outcome outcome, String error) {}

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
      var status = http.send(request, BodyHandlers.discarding()).statusCode();
      return switch (status) {
        case ACCEPTED -> new Result(Outcome.DELIVERED, "");
        case BAD_REQUEST -> new Result(Outcome.REFUSED, "answered 400");
        default -> new Result(Outcome.UNREACHABLE, "answered " + status);
      };
    } catch (IOException e) {
      return new Result(Outcome.UNREACHABLE, e.getClass().getSimpleName());
    }
  }
}
