/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import rowlock.api.settings.EventSettings;
import rowlock.api.settings.TokenSettings;
import rowlock.api.token.Claims;
import rowlock.api.token.StrictJsonObject;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where the issuer can be asked what has changed since we asked last. It knows us by our key. Reads
 * a limited amount, waits a limited time, follows no redirect.
 */
final class ChangesEndpoint implements AutoCloseable {

  private static final Duration CONNECT = Duration.ofSeconds(1);
  private static final Duration READ = Duration.ofSeconds(10);

  /** Events that are asked for at once, and what they may weigh, names included. */
  private static final int MAX_EVENTS = 500;

  private static final int MAX_BYTES = MAX_EVENTS * 4_500;

  /** What has come back. */
  sealed interface Answer {

    /**
     * What has changed.
     *
     * @param events signed, nothing of them has been checked
     * @param next the cursor to go on from; null: the one that was sent
     * @param more whether to go on at once
     */
    record Changes(List<String> events, @Nullable String next, boolean more) implements Answer {}

    /** This issuer has no such endpoint. */
    record Absent() implements Answer {}

    /**
     * No answer, or none that can be used.
     *
     * @param reason for the operator
     */
    record Failed(String reason) implements Answer {}
  }

  private final URI address;
  private final TokenSettings settings;
  private final ClientKey key;
  private final Clock clock;
  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .version(HttpClient.Version.HTTP_1_1)
          .build();

  ChangesEndpoint(TokenSettings settings, EventSettings events, ClientKey key, Clock clock) {
    this.address =
        events.pollUri() != null
            ? events.pollUri()
            : URI.create(settings.issuer().replaceAll("/$", "") + "/rowlock-events/changes");
    this.settings = settings;
    this.key = key;
    this.clock = clock;
  }

  /**
   * @param since the cursor of the last answer; null: all that is still kept
   */
  Answer ask(@Nullable String since) throws InterruptedException {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("client_id", settings.audience());
    form.put("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    form.put(
        "client_assertion", key.assertion(settings.audience(), settings.issuer(), clock.instant()));
    form.put("max", Integer.toString(MAX_EVENTS));
    if (since != null) {
      form.put("since", since);
    }
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .timeout(READ)
            .header("Accept", "application/json")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(encoded(form)))
            .build();
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BYTES));
    try {
      // The request's own timeout ends with the headers; a body may drip for ever.
      HttpResponse<byte[]> response =
          answer.get(CONNECT.plus(READ).toMillis(), TimeUnit.MILLISECONDS);
      // A cursor that it does not know (any more, after a restore, say): all that is kept, then.
      return response.statusCode() == 400 && since != null ? ask(null) : read(response);
    } catch (TimeoutException tooSlow) {
      return new Answer.Failed("it did not answer in time");
    } catch (ExecutionException failed) {
      return new Answer.Failed(
          failed.getCause() instanceof IOException away
              ? "it cannot be reached (" + away.getClass().getSimpleName() + ")"
              : "asking it failed: " + failed.getCause());
    } finally {
      answer.cancel(true);
    }
  }

  private static Answer read(HttpResponse<byte[]> response) {
    return switch (response.statusCode()) {
      case 200 -> read(StrictJsonObject.read(response.body()));
      case 404, 405 -> new Answer.Absent();
      case 401, 403 ->
          new Answer.Failed(
              "it does not let this API ask ("
                  + response.statusCode()
                  + "). Its client must be confidential, with the key of "
                  + ClientKeySet.PATH
                  + " of this API; several replicas need ROWLOCK_CLIENT_KEY_FILE");
      default -> new Answer.Failed("it answered " + response.statusCode());
    };
  }

  private static Answer read(@Nullable ObjectNode document) {
    if (document == null || !(document.get("sets") instanceof ObjectNode sets)) {
      return new Answer.Failed("its answer is not as it should be");
    }
    List<String> events = new ArrayList<>();
    for (JsonNode event : sets) {
      if (!event.isString()) {
        return new Answer.Failed("its answer is not as it should be");
      }
      events.add(event.stringValue());
    }
    String next = Claims.text(document.get("next"));
    return new Answer.Changes(events, next, document.path("moreAvailable").asBoolean(false));
  }

  private static String encoded(Map<String, String> form) {
    return form.entrySet().stream()
        .map(
            field ->
                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
