/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.regex.Pattern;
import org.apache.http.HttpEntity;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.HttpPost;
import org.apache.http.config.ConnectionConfig;
import org.apache.http.config.MessageConstraints;
import org.apache.http.config.RegistryBuilder;
import org.apache.http.conn.socket.ConnectionSocketFactory;
import org.apache.http.conn.socket.PlainConnectionSocketFactory;
import org.apache.http.conn.ssl.SSLConnectionSocketFactory;
import org.apache.http.entity.StringEntity;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.DefaultHttpRequestRetryHandler;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.impl.conn.PoolingHttpClientConnectionManager;
import org.jspecify.annotations.Nullable;
import org.keycloak.util.JsonSerialization;
import rowlock.keycloak.revocation.delivery.stock.Outbox;

/**
 * Pushes security event tokens (RFC 8935 §2). Connects to the configured URL only: redirects are
 * not followed, and no proxy is used. {@link PushTargets} resolves its host for each connection.
 */
final class PushClient {
  /** The error codes of RFC 8935 §2.4. */
  private static final Pattern CODES =
      Pattern.compile("invalid_(request|key|issuer|audience)|authentication_failed|access_denied");

  private static final int MAX_BODY = 2048;
  private static final int MAX_HEADERS = 100;
  private static final int MAX_LINE = 8192;
  private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(500);

  /** Pushes at the same time; a request writes 100 events for which it waits at most. */
  private static final int MAX_PUSHES = 200;

  private static final int IDLE_SECONDS = 30;

  private final Executor threads =
      new ThreadPoolExecutor(
          0, MAX_PUSHES, IDLE_SECONDS, SECONDS, new SynchronousQueue<>(), PushClient::daemon);

  private final CloseableHttpClient http;

  PushClient(PushTargets targets) {
    var connections =
        new PoolingHttpClientConnectionManager(
            RegistryBuilder.<ConnectionSocketFactory>create()
                .register("http", PlainConnectionSocketFactory.getSocketFactory())
                .register("https", SSLConnectionSocketFactory.getSocketFactory())
                .build(),
            null,
            null,
            targets::resolve,
            IDLE_SECONDS,
            SECONDS);
    connections.setMaxTotal(MAX_PUSHES);
    connections.setDefaultMaxPerRoute(MAX_PUSHES);
    connections.setValidateAfterInactivity(1);
    connections.setDefaultConnectionConfig(
        ConnectionConfig.custom()
            .setMessageConstraints(
                MessageConstraints.custom()
                    .setMaxHeaderCount(MAX_HEADERS)
                    .setMaxLineLength(MAX_LINE)
                    .build())
            .build());
    this.http =
        HttpClientBuilder.create()
            .setConnectionManager(connections)
            .disableRedirectHandling()
            .disableCookieManagement()
            .disableAuthCaching()
            .disableContentCompression()
            .setUserAgent("rowlock")
            // once, where the receiver has closed an idle connection; the same event is idempotent
            .setRetryHandler(new DefaultHttpRequestRetryHandler(1, true))
            .build();
  }

  private static Thread daemon(Runnable work) {
    var thread = new Thread(work, "rowlock-push");
    thread.setDaemon(true);
    return thread;
  }

  /** The outcome of one push. */
  enum Outcome {
    /** 202: the receiver has committed it. */
    DELIVERED,
    /** 400: the receiver is up and rejects this message. */
    REFUSED,
    /** Another answer, or none in time. */
    FAILED,
    /** Not sent: the operator does not allow the target. */
    BLOCKED,
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

    /** Returns whether the receiver could not be reached. */
    boolean isFailed() {
      return outcome == Outcome.FAILED || outcome == Outcome.BLOCKED;
    }
  }

  /** Starts a push. The future completes normally, within the timeout; without time, at once. */
  CompletableFuture<Attempt> push(Push push, Duration timeout) {
    if (timeout.isNegative() || timeout.isZero()) {
      return CompletableFuture.completedFuture(push.notTried());
    }
    try {
      var request = request(push, timeout);
      return CompletableFuture.supplyAsync(() -> send(push, request), threads)
          .exceptionally(e -> push.ended(Outcome.FAILED, name(e)))
          // the timeouts of the request apply to each step
          .completeOnTimeout(
              push.ended(Outcome.FAILED, "no answer in time"), timeout.toMillis(), MILLISECONDS)
          .whenComplete((attempt, e) -> request.abort());
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(push.notTried());
    } catch (IllegalArgumentException e) {
      return CompletableFuture.completedFuture(push.ended(Outcome.FAILED, name(e)));
    }
  }

  private static HttpPost request(Push push, Duration timeout) {
    var target = Objects.requireNonNull(push.receiver().push());
    var request = new HttpPost(target);
    var millis = Math.toIntExact(timeout.toMillis());
    var connect = Math.toIntExact(Math.min(millis, CONNECT_TIMEOUT.toMillis()));
    request.setConfig(
        RequestConfig.custom()
            .setConnectionRequestTimeout(millis)
            .setConnectTimeout(connect)
            .setSocketTimeout(millis)
            .build());
    request.setHeader("Content-Type", "application/" + SecurityEventToken.TYPE);
    request.setHeader("Accept", "application/json");
    request.setEntity(new StringEntity(push.token(), StandardCharsets.US_ASCII));
    return request;
  }

  private Attempt send(Push push, HttpPost request) {
    try (var response = http.execute(request)) {
      var body = startOf(response.getEntity());
      var status = response.getStatusLine().getStatusCode();
      return switch (status) {
        case 202 -> push.ended(Outcome.DELIVERED, "");
        case 400 -> push.ended(Outcome.REFUSED, "answered 400, " + errorCode(body));
        default -> push.ended(Outcome.FAILED, "answered " + status);
      };
    } catch (PushTargets.BlockedException e) {
      return push.ended(Outcome.BLOCKED, "target not allowed");
    } catch (IOException e) {
      return push.ended(Outcome.FAILED, name(e));
    }
  }

  /** Reads the start of a body of any length. A connection with more is not used again. */
  private static String startOf(@Nullable HttpEntity entity) throws IOException {
    if (entity == null) {
      return "";
    }
    try (var in = entity.getContent()) {
      return new String(in.readNBytes(MAX_BODY), StandardCharsets.UTF_8);
    }
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
