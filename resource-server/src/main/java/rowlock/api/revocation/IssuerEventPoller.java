/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
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
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Polls the issuer for events since the last poll. Authenticates with the key of this API. Limits
 * the response size and the wait, and follows no redirect.
 */
final class IssuerEventPoller implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(1);
  private static final Duration READ = Duration.ofSeconds(10);

  /** Maximum number of events of one poll; also limits the response size. */
  private static final int MAX_EVENTS = 500;

  private static final int MAX_BYTES = MAX_EVENTS * 4_500;

  /** The outcome of a poll. */
  sealed interface Answer {
    /**
     * The events of one page.
     *
     * @param events signed tokens that have not been verified
     * @param next the cursor to continue from; null: the one that was sent
     * @param more whether more events are available
     */
    record Changes(List<String> events, @Nullable String next, boolean more) implements Answer {}

    /** The issuer has no such endpoint. */
    record Absent() implements Answer {}

    /**
     * The issuer did not respond, or its response is unusable.
     *
     * @param reason for the operator
     */
    record Failed(String reason) implements Answer {}
  }

  /** The outcome of a query for existing accounts. */
  sealed interface Existing {
    /** The accounts that exist, of those that were queried. */
    record Known(Set<UUID> accounts) implements Existing {}

    /** The issuer does not support the query. */
    record Unsupported() implements Existing {}

    /**
     * The issuer did not respond, or its response is unusable.
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

  IssuerEventPoller(TokenSettings settings, EventSettings events, ClientKeys keys, Clock clock) {
    this.address =
        events.pollUri() != null
            ? events.pollUri()
            : URI.create(settings.issuer().replaceAll("/$", "") + "/rowlock-events/changes");
    this.settings = settings;
    this.keys = keys;
    this.clock = clock;
  }

  /**
   * @param since the cursor of the last response; null: all retained events
   */
  Answer ask(@Nullable String since) throws InterruptedException {
    Map<String, String> question = new LinkedHashMap<>();
    question.put("max", Integer.toString(MAX_EVENTS));
    if (since != null) {
      question.put("since", since);
    }
    return switch (send(question)) {
      case Response.Failed failed -> new Answer.Failed(failed.reason());
      // The issuer does not know the cursor, for example after a restore: polls all retained
      // events.
      case Response.Received received ->
          received.status() == 400 && since != null ? ask(null) : read(received);
    };
  }

  /**
   * Returns which of these accounts exist.
   *
   * @param accounts a maximum of 1,000 accounts
   */
  Existing existing(List<UUID> accounts) throws InterruptedException {
    var ids = accounts.stream().map(UUID::toString).collect(Collectors.joining(" "));
    return switch (send(Map.of("accounts", ids))) {
      case Response.Failed failed -> new Existing.Failed(failed.reason());
      case Response.Received received ->
          switch (received.status()) {
            case 200 -> readExisting(StrictJsonObject.read(received.body()));
            case 404, 405 -> new Existing.Unsupported();
            default -> new Existing.Failed("status " + received.status());
          };
    };
  }

  private static Existing readExisting(@Nullable ObjectNode document) {
    if (document == null) {
      return new Existing.Failed("malformed response");
    }
    if (!(document.get("existing") instanceof ArrayNode list)) {
      return new Existing.Unsupported();
    }
    Set<UUID> accounts = new HashSet<>();
    for (var id : list) {
      var account = Subject.account(Claims.text(id));
      if (account == null) {
        return new Existing.Failed("malformed response");
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
    var request =
        HttpRequest.newBuilder(address)
            .timeout(READ)
            .header("Accept", "application/json")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(encoded(form)))
            .build();
    var answer =
        http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BYTES));
    try {
      // The timeout of the request ends with the headers; a body may be sent arbitrarily slowly.
      var response = answer.get(CONNECT.plus(READ).toMillis(), TimeUnit.MILLISECONDS);
      return new Response.Received(response.statusCode(), response.body());
    } catch (TimeoutException e) {
      return new Response.Failed("timeout");
    } catch (ExecutionException e) {
      return new Response.Failed(
          e.getCause() instanceof IOException unreachable
              ? "unreachable (" + unreachable.getClass().getSimpleName() + ")"
              : "request failed: " + e.getCause());
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
              "access refused (status "
                  + response.status()
                  + "). Its client must be confidential, with the key of "
                  + ClientKeySet.PATH
                  + " of this API; several replicas need ROWLOCK_CLIENT_KEY_FILE");
      default -> new Answer.Failed("status " + response.status());
    };
  }

  private static Answer read(@Nullable ObjectNode document) {
    if (document == null || !(document.get("sets") instanceof ObjectNode sets)) {
      return new Answer.Failed("malformed response");
    }
    List<String> events = new ArrayList<>();
    for (var event : sets) {
      if (!event.isString()) {
        return new Answer.Failed("malformed response");
      }
      events.add(event.stringValue());
    }
    var next = Claims.text(document.get("next"));
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
