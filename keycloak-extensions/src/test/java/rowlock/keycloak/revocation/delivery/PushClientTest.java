/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rowlock.keycloak.revocation.delivery.PushClient.Attempt;
import rowlock.keycloak.revocation.delivery.PushClient.Outcome;
import rowlock.keycloak.revocation.delivery.PushClient.Push;
import rowlock.keycloak.revocation.delivery.stock.Outbox;

class PushClientTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private static final PushTargets TARGETS = PushTargets.parse("the-setting", "127.0.0.1");

  private final PushClient client = new PushClient(TARGETS);

  @Test
  void receiverThatHangs_failsAfterTheTimeout_andDelaysNoOther() throws IOException {
    try (var silent = silent();
        var healthy = new Server(202, "", false)) {
      var hanging = Stream.generate(() -> client.push(to(port(silent)), LONG)).limit(100).toList();
      var limited = client.push(to(port(silent)), Duration.ofMillis(300));
      var other = client.push(to(healthy.port()), LONG);

      assertThat(ended(other).outcome()).isEqualTo(Outcome.DELIVERED);
      assertThat(ended(limited).outcome()).isEqualTo(Outcome.FAILED);
      assertThat(hanging).noneMatch(CompletableFuture::isDone);
    }
  }

  @Test
  void pushWithoutTime_isNotTried() throws IOException {
    try (var silent = silent()) {
      assertThat(ended(client.push(to(port(silent)), Duration.ZERO)).outcome())
          .isEqualTo(Outcome.NOT_TRIED);
      assertThat(ended(client.push(to(port(silent)), Duration.ofMillis(-5))).outcome())
          .isEqualTo(Outcome.NOT_TRIED);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "202, '', DELIVERED, ''",
    "200, '', FAILED, answered 200",
    "503, '', FAILED, answered 503",
    "400, '{\"err\":\"invalid_audience\",\"description\":\"x\"}', REFUSED, 'answered 400, invalid_audience'",
    "400, '{\"err\":\"<script>\"}', REFUSED, 'answered 400, no known error code'",
    "400, 'not JSON', REFUSED, 'answered 400, no known error code'",
    "400, '', REFUSED, 'answered 400, no known error code'",
  })
  void answer_decidesTheOutcome(int status, String body, Outcome outcome, String error)
      throws IOException {
    try (var server = new Server(status, body, false)) {
      var attempt = ended(client.push(to(server.port()), LONG));

      assertThat(attempt.outcome()).isEqualTo(outcome);
      assertThat(attempt.error()).isEqualTo(error);
    }
  }

  @Test
  void bodyThatDoesNotEnd_failsAfterTheTimeout() throws IOException {
    try (var server = new Server(400, "{", true)) {
      var attempt = ended(client.push(to(server.port()), Duration.ofMillis(500)));

      assertThat(attempt.outcome()).isEqualTo(Outcome.FAILED);
    }
  }

  @Test
  void refusedConnection_failsWithTheKindOfErrorOnly() throws IOException {
    var closed = silent();
    var port = port(closed);
    closed.close();

    var attempt = ended(client.push(to(port), LONG));

    assertThat(attempt.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(attempt.error()).isEqualTo("HttpHostConnectException");
  }

  @Test
  void addressThatCannotBeUsed_fails() {
    assertThat(ended(client.push(to(99_999), LONG)).outcome()).isEqualTo(Outcome.FAILED);
  }

  /** An attacker answers the check with a public address, and the connection with another one. */
  @Test
  void nameThatChangesItsAddress_isBlocked() throws IOException {
    try (var server = new Server(202, "", false)) {
      var asked = new AtomicInteger();
      var targets =
          PushTargets.parse("the-setting", "public")
              .with(
                  host ->
                      new InetAddress[] {
                        InetAddress.getByName(asked.incrementAndGet() > 1 ? "127.0.0.1" : "8.8.8.8")
                      });
      assertThat(targets.mayAllow(URI.create("http://rebinding.example/"))).isTrue();
      targets.resolve("rebinding.example");

      var attempt = ended(new PushClient(targets).push(to("rebinding.example", server), LONG));

      assertThat(attempt.outcome()).isEqualTo(Outcome.BLOCKED);
      assertThat(attempt.error()).isEqualTo("target not allowed");
      assertThat(server.requests()).isZero();
    }
  }

  @Test
  void connection_usesTheAddressThatWasChecked() throws IOException {
    try (var server = new Server(202, "", false)) {
      var asked = new AtomicInteger();
      var targets =
          PushTargets.parse("the-setting", "inside.example")
              .with(
                  host -> {
                    asked.incrementAndGet();
                    return new InetAddress[] {InetAddress.getByName("127.0.0.1")};
                  });
      var pushing = new PushClient(targets);

      assertThat(ended(pushing.push(to("inside.example", server), LONG)).outcome())
          .isEqualTo(Outcome.DELIVERED);
      assertThat(asked).hasValue(1);
      assertThat(server.hosts()).containsExactly("inside.example:" + server.port());
    }
  }

  @Test
  void oneAddressOfSeveralThatIsNotAllowed_blocksTheHost() throws IOException {
    try (var server = new Server(202, "", false)) {
      var targets =
          PushTargets.parse("the-setting", "127.0.0.1")
              .with(
                  host ->
                      new InetAddress[] {
                        InetAddress.getByName("127.0.0.1"), InetAddress.getByName("10.0.0.1")
                      });

      var attempt = ended(new PushClient(targets).push(to("two.example", server), LONG));

      assertThat(attempt.outcome()).isEqualTo(Outcome.BLOCKED);
      assertThat(server.requests()).isZero();
    }
  }

  private static Attempt ended(CompletableFuture<Attempt> push) {
    return push.orTimeout(10, TimeUnit.SECONDS).join();
  }

  /** Takes connections and never answers. */
  private static ServerSocket silent() throws IOException {
    return new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
  }

  private static int port(ServerSocket server) {
    return server.getLocalPort();
  }

  private static Push to(int port) {
    return to("127.0.0.1", port);
  }

  private static Push to(String host, Server server) {
    return to(host, server.port());
  }

  private static Push to(String host, int port) {
    var url = URI.create("http://" + host + ":" + port + "/events");
    return new Push(
        "realm",
        new Outbox.Message("id", "api", "jti", "{}", 0, Instant.now()),
        new Receiver("api", "api", url, LONG),
        "token");
  }

  /** Answers every request the same way. */
  private static final class Server implements AutoCloseable {
    private final HttpServer http;
    private final List<String> hosts = new CopyOnWriteArrayList<>();

    Server(int status, String body, boolean endless) throws IOException {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      http.setExecutor(Executors.newCachedThreadPool());
      var bytes = body.getBytes(StandardCharsets.UTF_8);
      http.createContext(
          "/events",
          exchange -> {
            hosts.add(exchange.getRequestHeaders().getFirst("Host"));
            exchange.sendResponseHeaders(
                status, bytes.length == 0 ? -1 : bytes.length + (endless ? 1 : 0));
            if (bytes.length > 0) {
              exchange.getResponseBody().write(bytes);
              exchange.getResponseBody().flush();
            }
            if (!endless) {
              exchange.close();
            }
          });
      http.start();
    }

    /** Returns the header {@code Host} of each request. */
    List<String> hosts() {
      return hosts;
    }

    int requests() {
      return hosts.size();
    }

    int port() {
      return http.getAddress().getPort();
    }

    @Override
    public void close() {
      http.stop(0);
    }
  }
}
