/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import org.keycloak.util.JsonSerialization;
import rowlock.keycloak.revocation.delivery.stock.Outbox;

/**
 * Pushes security event tokens (RFC 8935 §2). Connects to the configured URL only: redirects are
 * not followed, and no proxy is used.
 */
final class PushClient {
  /** The error codes of RFC 8935 §2.4. */
  private static final Pattern CODES =
      Pattern.compile("invalid_(request|key|issuer|audience)|authentication_failed|access_denied");

  private static final int MAX_BODY = 2048;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .proxy(HttpClient.Builder.NO_PROXY)
          .connectTimeout(Duration.ofMillis(500))
          .build();

  /** The outcome of one push. */
  enum Outcome {
    /** 202: the receiver has committed it. */
    DELIVERED,
    /** 400: the receiver is up and rejects this message. */
    REFUSED,
    /** Another answer, or none in time. */
    FAILED,
    /** Not sent: no time was left, or others failed before it. */
    NOT_TRIED
  }

  /** A signed message for a receiver that is pushed to. */
  record Push(String realm, Outbox.Message message, Receiver receiver, String token) {
    Attempt notTried() {
      return ended(Outcome.NOT_TRIED, "not tried");
    }

    private Attempt ended(Outcome outcome, String error) {
      return new Attempt(this, outcome, error);
    }
  }

  /**
   * A push that has ended.
   *
   * @param error for an operator; contains neither the token nor text of the receiver
   */
  record Attempt(Push push, Outcome outcome, String error) {
    String receiver() {
      return push.receiver().id();
    }

    boolean isAnswered() {
      return outcome == Outcome.DELIVERED || outcome == Outcome.REFUSED;
    }
  }

  /** Starts a push. The future completes normally, within the timeout; without time, at once. */
  CompletableFuture<Attempt> push(Push push, Duration timeout) {
    if (timeout.isNegative() || timeout.isZero()) {
      return CompletableFuture.completedFuture(push.notTried());
    }
    try {
      var exchange =
          http.sendAsync(
              HttpRequest.newBuilder(Objects.requireNonNull(push.receiver().push()))
                  .header("Content-Type", "application/" + SecurityEventToken.TYPE)
                  .header("Accept", "application/json")
                  .POST(BodyPublishers.ofString(push.token()))
                  .build(),
              head -> startOfBody());
      return exchange
          .thenApply(response -> attempt(push, response))
          .exceptionally(e -> push.ended(Outcome.FAILED, name(e)))
          // the timeout of a request would end with the head of the response
          .completeOnTimeout(
              push.ended(Outcome.FAILED, "no answer in time"), timeout.toMillis(), MILLISECONDS)
          .whenComplete((attempt, e) -> exchange.cancel(true));
    } catch (IllegalArgumentException e) {
      return CompletableFuture.completedFuture(push.ended(Outcome.FAILED, name(e)));
    }
  }

  private static Attempt attempt(Push push, HttpResponse<String> response) {
    return switch (response.statusCode()) {
      case 202 -> push.ended(Outcome.DELIVERED, "");
      case 400 -> push.ended(Outcome.REFUSED, "answered 400, " + errorCode(response.body()));
      default -> push.ended(Outcome.FAILED, "answered " + response.statusCode());
    };
  }

  /** Keeps the start of a body of any length. */
  private static BodySubscriber<String> startOfBody() {
    var start = new ByteArrayOutputStream();
    return BodySubscribers.mapping(
        BodySubscribers.ofByteArrayConsumer(
            chunk ->
                chunk.ifPresent(
                    bytes ->
                        start.write(bytes, 0, Math.min(bytes.length, MAX_BODY - start.size())))),
        end -> start.toString(StandardCharsets.UTF_8));
  }

  private static String errorCode(String body) {
    try {
      var code = JsonSerialization.mapper.readTree(body).path("err").asText();
      return CODES.matcher(code).matches() ? code : "no known error code";
    } catch (JsonProcessingException e) {
      return "no known error code";
    }
  }

  private static String name(Throwable e) {
    var cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
    return cause.getClass().getSimpleName();
  }
}
