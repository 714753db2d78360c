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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
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
import rowlock.client.ClientKeys;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
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

  /** The answer to which accounts exist. */
  sealed interface Existing {

    /** Those of the accounts that exist. */
    record Known(Set<UUID> accounts) implements Existing {}

    /** This issuer cannot be asked. */
    record Unsupported() implements Existing {}

    /**
     * No answer, or none that can be used.
     *
     * @param reason for the operator
     */
    record Failed(String reason) implements Existing {}
  }

  /** The outcome of one request. */
  private sealed interface Response {
    record Received(int status, byte[] body) implements Response {}

    record Failed(String reason) implements Response {}
  }

  private final URI address;
  private final TokenSettings settings;
  private final ClientKeys keys;
  private final Clock clock;
  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .version(HttpClient.Version.HTTP_1_1)
          .build();

  ChangesEndpoint(TokenSettings settings, EventSettings events, ClientKeys keys, Clock clock) {
    this.address =
        events.pollUri() != null
            ? events.pollUri()
            : URI.create(settings.issuer().replaceAll("/$", "") + "/rowlock-events/changes");
    this.settings = settings;
    this.keys = keys;
    this.clock = clock;
  }

  /**
   * @param since the cursor of the last answer; null: all that is still kept
   */
  Answer ask(@Nullable String since) throws InterruptedException {
    Map<String, String> question = new LinkedHashMap<>();
    question.put("max", Integer.toString(MAX_EVENTS));
    if (since != null) {
      question.put("since", since);
    }
    return switch (send(question)) {
      case Response.Failed failed -> new Answer.Failed(failed.reason());
      // A cursor that it does not know (any more, after a restore, say): all that is kept, then.
      case Response.Received received ->
          received.status() == 400 && since != null ? ask(null) : read(received);
    };
  }

  /**
   * Asks which of these accounts exist.
   *
   * @param accounts at most 1,000
   */
  Existing existing(List<UUID> accounts) throws InterruptedException {
    String ids = accounts.stream().map(UUID::toString).collect(Collectors.joining(" "));
    return switch (send(Map.of("accounts", ids))) {
      case Response.Failed failed -> new Existing.Failed(failed.reason());
      case Response.Received received ->
          switch (received.status()) {
            case 200 -> readExisting(StrictJsonObject.read(received.body()));
            case 404, 405 -> new Existing.Unsupported();
            default -> new Existing.Failed("it answered " + received.status());
          };
    };
  }

  private static Existing readExisting(@Nullable ObjectNode document) {
    if (document == null) {
      return new Existing.Failed("its answer is not as it should be");
    }
    if (!(document.get("existing") instanceof ArrayNode list)) {
      return new Existing.Unsupported();
    }
    Set<UUID> accounts = new HashSet<>();
    for (JsonNode id : list) {
      UUID account = Subject.account(Claims.text(id));
      if (account == null) {
        return new Existing.Failed("its answer is not as it should be");
      }
      accounts.add(account);
    }
    return new Existing.Known(Set.copyOf(accounts));
  }

  private Response send(Map<String, String> question) throws InterruptedException {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("client_id", settings.audience());
    form.put("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    form.put(
        "client_assertion",
        keys.assertion(settings.audience(), settings.issuer(), clock.instant()));
    form.putAll(question);
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
      return new Response.Received(response.statusCode(), response.body());
    } catch (TimeoutException tooSlow) {
      return new Response.Failed("it did not answer in time");
    } catch (ExecutionException failed) {
      return new Response.Failed(
          failed.getCause() instanceof IOException away
              ? "it cannot be reached (" + away.getClass().getSimpleName() + ")"
              : "asking it failed: " + failed.getCause());
    } finally {
      answer.cancel(true);
    }
  }

  private static Answer read(Response.Received response) {
    return switch (response.status()) {
      case 200 -> read(StrictJsonObject.read(response.body()));
      case 404, 405 -> new Answer.Absent();
      case 401, 403 ->
          new Answer.Failed(
              "it does not let this API ask ("
                  + response.status()
                  + "). Its client must be confidential, with the key of "
                  + ClientKeySet.PATH
                  + " of this API; several replicas need ROWLOCK_CLIENT_KEY_FILE");
      default -> new Answer.Failed("it answered " + response.status());
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
