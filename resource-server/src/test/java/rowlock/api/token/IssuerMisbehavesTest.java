/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.api.settings.TokenSettings;
import rowlock.api.test.TestIssuer;

/**
 * Rows 17, 18 and 20: an issuer that hangs or sends wrong, endless or malformed responses, one
 * fetch at a time.
 */
class IssuerMisbehavesTest {
  /** The time limit of a fetch, and a margin for a loaded machine. */
  private static final Duration BOUND =
      IssuerEndpoint.CONNECT.plus(IssuerEndpoint.READ).plusSeconds(2);

  private static final RSAKey GOOD = TestIssuer.newKey("good");

  private final TestIssuer issuer = new TestIssuer().publish(GOOD);
  private final CountDownLatch end = new CountDownLatch(1);

  @AfterEach
  void stop() {
    end.countDown();
    issuer.close();
  }

  @Test
  void row20_noResponse_fetchTimesOut() {
    issuer.answeringKeysBy(exchange -> hold(end, Duration.ofSeconds(30)));
    assertFailsInTime(issuer.jwksUrl()).hasMessageContaining("request timed out");
  }

  @Test
  void row20_whenNoConnectionIsMade_thenTheFetchEnds() throws IOException {
    List<Socket> queue = new ArrayList<>();
    try (var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      for (var i = 0; i < 4; i++) { // fills the backlog, from which no connection is accepted
        var socket = new Socket();
        queue.add(socket);
        try {
          socket.connect(full.getLocalSocketAddress(), 100);
        } catch (IOException e) {
          break;
        }
      }
      assertFailsInTime("http://localhost:" + full.getLocalPort() + "/certs");
    } finally {
      for (var socket : queue) {
        socket.close();
      }
    }
  }

  @Test
  void row20_endlessSlowBody_fetchTimesOut() {
    issuer.answeringKeysBy(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (var body = exchange.getResponseBody()) {
            while (!hold(end, Duration.ofMillis(50))) {
              body.write(' ');
              body.flush();
            }
          }
        });
    assertFailsInTime(issuer.jwksUrl());
  }

  @Test
  void row17_whenTheBodyNeverEnds_thenItIsCutOffWhileItIsRead() {
    var sent = new AtomicLong();
    var cutOff = new CountDownLatch(1);
    issuer.answeringKeysBy(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (var body = exchange.getResponseBody()) {
            var blanks = " ".repeat(8192).getBytes(StandardCharsets.US_ASCII);
            while (true) {
              body.write(blanks);
              sent.addAndGet(blanks.length);
            }
          } catch (IOException e) {
            cutOff.countDown();
          }
        });
    var begin = System.nanoTime();
    assertThatThrownBy(() -> fetch(issuer.jwksUrl())).isInstanceOf(IOException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(IssuerEndpoint.READ);
    await().until(() -> cutOff.getCount() == 0);
    // What was read is 50 KiB at most; the rest was on its way, in the buffers of two sockets.
    assertThat(sent.get()).isLessThan(16 * 1024 * 1024);
  }

  @Test
  void row17_bodyOverTheLimit_isNotReadInPart() {
    var keys = new JWKSet(GOOD.toPublicJWK()).toString();
    var blanks = " ".repeat(IssuerEndpoint.MAX_BYTES - keys.length());
    issuer.publishRaw(keys + blanks);
    assertThat(read()).isNotNull();
    issuer.publishRaw(keys + blanks + " ");
    assertThatThrownBy(() -> fetch(issuer.jwksUrl())).hasMessageContaining("body exceeds capacity");
  }

  @Test
  void row20_aRedirectIsNotFollowed() {
    issuer.answeringKeysBy(exchange -> redirect(exchange, issuer.jwksUrl() + "?again"));
    assertThatThrownBy(() -> fetch(issuer.jwksUrl())).hasMessageContaining("answered 302");
    assertThat(issuer.keyFetches()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {201, 204, 400, 401, 404, 429, 500, 503})
  void row18_statusOtherThan200_bodyIsIgnored(int status) {
    issuer.answeringKeysBy(exchange -> answer(exchange, status));
    assertThatThrownBy(() -> fetch(issuer.jwksUrl())).hasMessageContaining("answered " + status);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://192.0.2.1/certs",
        "http://keys.example.org/certs",
        "http://localhost.example.org/certs",
        "ftp://localhost/certs",
        "file:///etc/passwd",
        "jar:file:/x.jar!/certs",
        "//localhost/certs",
        "/certs",
        "certs",
        "https://",
        "ht tp://x",
        ""
      })
  void row17_metadataNameForbiddenAddress_isNotFetched(String address) {
    issuer.claimingKeysAt(address);
    assertThatThrownBy(() -> fetch(null))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("jwks_uri");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "/", "https://login.example.org/realms/test"})
  void row17_metadataOfAnotherIssuer_areRejected(String other) {
    issuer.claiming(other.length() > 1 ? other : issuer.url() + other + "2");
    assertThatThrownBy(() -> fetch(null)).hasMessageContaining("names another issuer");
    assertThat(issuer.keyFetches()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "garbage",
        "<!doctype html><title>Welcome</title>",
        "{\"keys\":[]}",
        "{\"keys\":null}",
        "{\"keys\":{\"kty\":\"RSA\"}}",
        "{\"keys\":[null,1,\"x\",[],{}]}",
        "{\"keys\":[],\"keys\":[]}"
      })
  void row18_malformedKeySet_isRefused(String document) {
    issuer.publishRaw(document.isEmpty() ? " " : document);
    assertThat(read()).isNull();
  }

  @Test
  void row17_whenAllKeysAreWeakOrSymmetric_thenNoneCanBeUsed() throws JOSEException {
    var weak =
        new RSAKeyGenerator(1024, true)
            .keyID("weak")
            .keyUse(KeyUse.SIGNATURE)
            .algorithm(JWSAlgorithm.PS256)
            .generate();
    issuer.publish(weak);
    assertThat(read().keys()).isEmpty();
    issuer.publishRaw(
        "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"a\",\"use\":\"sig\",\"alg\":\"HS256\",\"k\":\"AAAA\"}]}");
    assertThat(read().keys()).isEmpty();
  }

  private KeySet read() {
    try {
      return KeySet.read(fetch(issuer.jwksUrl()), Set.of("PS256"), Instant.now());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertFailsInTime(String address) {
    var begin = System.nanoTime();
    var failure = assertThatThrownBy(() -> fetch(address)).isInstanceOf(IOException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(BOUND);
    return failure;
  }

  /** Fetches the keys once, from an address or, if that is null, from the one in the metadata. */
  private byte[] fetch(String address) throws IOException {
    var settings =
        new TokenSettings(
            issuer.url(),
            address == null ? null : URI.create(address),
            "task-api",
            Set.of("PS256"),
            Set.of(),
            Duration.ofMinutes(10),
            8192,
            Duration.ofSeconds(60),
            true,
            false);
    try (var endpoint = new IssuerEndpoint(settings)) {
      return endpoint.keySet();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void redirect(HttpExchange exchange, String target) throws IOException {
    exchange.getResponseHeaders().set("Location", target);
    answer(exchange, 302);
  }

  private static void answer(HttpExchange exchange, int status) throws IOException {
    var body = new JWKSet(GOOD.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, status == 204 ? -1 : body.length);
    if (status != 204) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  private static boolean hold(CountDownLatch latch, Duration patience) {
    try {
      return latch.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
