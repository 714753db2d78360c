/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import rowlock.local.keycloak.KeycloakServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A receiver of security event tokens (RFC 8935), which verifies them with the keys that the realm
 * publishes.
 */
final class EventReceiver implements AutoCloseable {
  /** The body of a response with status 400 (RFC 8935 §2.3). */
  private static final String REJECTION =
      "{\"err\":\"invalid_audience\",\"description\":\"not for me\"}";

  private final KeycloakServer server;
  private final String realm;
  private final HttpServer http;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<ReceivedEvent> received = new CopyOnWriteArrayList<>();
  private JWKSet keys;
  private volatile Answer answer = Answer.status(202);
  private volatile Predicate<ReceivedEvent> failing = one -> false;

  /** Determines the response to a request; an event is accepted if its status is 202. */
  @FunctionalInterface
  interface Answer {
    /**
     * Returns the status of the response.
     *
     * @param exchange the request; the answer may add headers to the response
     */
    int to(HttpExchange exchange) throws IOException;

    static Answer status(int status) {
      return exchange -> status;
    }

    /** Answers once released. */
    static Answer status(int status, CountDownLatch released) {
      return exchange -> {
        try {
          released.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        return status;
      };
    }
  }

  /** A valid token that was answered 202. */
  record ReceivedEvent(JsonNode claims, Instant at) {
    String type() {
      return claims.path("events").propertyNames().iterator().next();
    }

    String shortType() {
      return type().substring(type().lastIndexOf('/') + 1);
    }

    JsonNode event() {
      return claims.path("events").path(type());
    }

    JsonNode subject() {
      return claims.path("sub_id");
    }

    String session() {
      return subject().path("session").path("id").asString("");
    }

    String user() {
      var user = subject().has("user") ? subject().path("user") : subject();
      return user.path("sub").asString("");
    }

    String application() {
      return subject().path("application").path("id").asString("");
    }

    String id() {
      return claims.path("jti").asString();
    }
  }

  EventReceiver(KeycloakServer server, String realm) {
    this.server = server;
    this.realm = realm;
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    http.setExecutor(threads);
    http.createContext("/events", this::handle);
    http.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/events");
  }

  /** Returns the number of times that each event was accepted, by {@code jti}. */
  Map<String, Long> times() {
    return received.stream()
        .collect(Collectors.groupingBy(ReceivedEvent::id, Collectors.counting()));
  }

  void answers(Answer wanted) {
    answer = wanted;
  }

  /** Answers 500 to these events. */
  void failsAt(Predicate<ReceivedEvent> wanted) {
    failing = wanted;
  }

  List<ReceivedEvent> received() {
    return List.copyOf(received);
  }

  /** Returns the events about a user. */
  List<ReceivedEvent> about(String userId) {
    return received.stream().filter(one -> one.user().equals(userId)).toList();
  }

  /** Returns the sessions of a user that ended as a whole. */
  List<String> sessionsEnded(String userId) {
    return about(userId).stream()
        .filter(one -> one.shortType().equals("session-revoked") && one.application().isEmpty())
        .map(ReceivedEvent::session)
        .toList();
  }

  /** Returns the client sessions of a user that ended, as session and client. */
  List<String> partsEnded(String userId) {
    return about(userId).stream()
        .filter(one -> !one.application().isEmpty())
        .map(one -> one.session() + " " + one.application())
        .toList();
  }

  /** Returns the types of a user's events, without those of sessions. */
  List<String> types(String userId) {
    return about(userId).stream()
        .map(ReceivedEvent::shortType)
        .filter(type -> !type.equals("session-revoked"))
        .toList();
  }

  /** Waits for an event. */
  ReceivedEvent awaitEvent(Predicate<ReceivedEvent> wanted) {
    await().atMost(Duration.ofSeconds(60)).until(() -> received.stream().anyMatch(wanted));
    return received.stream().filter(wanted).findFirst().orElseThrow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = new String(exchange.getRequestBody().readAllBytes());
      assertThat(exchange.getRequestHeaders().getFirst("Content-Type"))
          .isEqualTo("application/secevent+jwt");
      assertThat(exchange.getRequestHeaders().getFirst("Accept")).isEqualTo("application/json");
      var event = new ReceivedEvent(verified(body), Instant.now());
      var status = failing.test(event) ? 500 : answer.to(exchange);
      if (status == 202) {
        // before the response, after which the sender may send its next event
        received.add(event);
      }
      var error = status == 400 ? REJECTION.getBytes(UTF_8) : new byte[0];
      if (error.length > 0) {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
      }
      exchange.sendResponseHeaders(status, error.length == 0 ? -1 : error.length);
      exchange.getResponseBody().write(error);
    }
  }

  /** Verifies a token with the realm's keys and returns its claims. */
  JsonNode verified(String token) {
    try {
      var jwt = SignedJWT.parse(token);
      assertThat(jwt.getHeader().getType()).isEqualTo(new JOSEObjectType("secevent+jwt"));
      assertThat(jwt.getHeader().getAlgorithm()).isEqualTo(JWSAlgorithm.PS256);
      var key = keys().getKeyByKeyId(jwt.getHeader().getKeyID());
      assertThat(jwt.verify(new RSASSAVerifier(key.toRSAKey()))).isTrue();
      return JsonMapper.shared().readTree(jwt.getPayload().toString());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Fetches the keys once, because requests would slow down the server that is measured. */
  private synchronized JWKSet keys() throws Exception {
    var known = keys;
    if (known == null) {
      var address = server.url() + "/realms/" + realm + "/protocol/openid-connect/certs";
      known = JWKSet.load(URI.create(address).toURL());
      keys = known;
    }
    return known;
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }
}
