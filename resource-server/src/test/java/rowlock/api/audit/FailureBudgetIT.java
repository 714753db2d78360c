/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.benmanes.caffeine.cache.Ticker;
import com.nimbusds.jose.jwk.RSAKey;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.test.context.TestPropertySource;
import rowlock.api.ApiServer;
import rowlock.api.test.TestIssuer;
import tools.jackson.databind.json.JsonMapper;

/** A client that presents many bad tokens is answered 429 for a while; others are not affected. */
@ExtendWith(OutputCaptureExtension.class)
@Import(FailureBudgetIT.Time.class)
@TestPropertySource(
    properties = {
      "rowlock.failed.authentications.per.minute=20",
      "rowlock.security.log.lines.per.minute=600",
      // where Spring Boot would otherwise believe forwarded headers
      "spring.main.cloud-platform=kubernetes"
    })
class FailureBudgetIT extends ApiServer {
  private static final int BUDGET = 20;
  private static final AtomicLong NANOS = new AtomicLong();
  private static final RSAKey STRANGER = TestIssuer.newKey("stranger");
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @Autowired private MeterRegistry metrics;

  /** Advances only when a test advances it. */
  static class Time {
    @Bean
    @Primary
    Ticker turnedTicker() {
      return NANOS::get;
    }
  }

  @BeforeEach
  void everyBudgetIsFull() {
    pass(Duration.ofMinutes(2));
  }

  @Test
  void exhaustedBudget_answers429WithoutVerification() {
    var before = count(Refusal.OVER_BUDGET);
    spendAll();

    var answer = get(HTTP, forged());
    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.headers().firstValue("Retry-After")).contains("3");
    assertThat(answer.headers().firstValue("WWW-Authenticate")).isEmpty();
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(answer.body())
        .contains("\"type\":\"" + PUBLIC_URL + "/problems/too-many-requests\"", "\"status\":429");
    assertThat(count(Refusal.OVER_BUDGET)).isEqualTo(before + 1);

    assertThat(get(HTTP, token()).statusCode()).as("good, but never seen before").isEqualTo(429);
    assertThat(get(HTTP, "no.token.").statusCode()).isEqualTo(429);
  }

  @Test
  void afterRetryAfter_nextTokenIsVerified() {
    spendAll();
    assertThat(get(HTTP, forged()).headers().firstValue("Retry-After")).contains("3");

    pass(Duration.ofMillis(2_900));
    assertThat(get(HTTP, token()).statusCode()).isEqualTo(429);
    pass(Duration.ofMillis(100));
    assertThat(get(HTTP, token()).statusCode()).isEqualTo(200);
    assertThat(get(HTTP, forged()).statusCode()).isEqualTo(401);
    assertThat(get(HTTP, forged()).statusCode()).isEqualTo(429);
  }

  @Test
  void exhaustedBudget_knownTokenIsAccepted() {
    var known = token();
    assertThat(get(HTTP, known).statusCode()).isEqualTo(200);
    spendAll();

    assertThat(get(HTTP, known).statusCode()).isEqualTo(200);
    assertThat(get(HTTP, token()).statusCode()).isEqualTo(429);
    assertThat(get(HTTP, known).statusCode()).isEqualTo(200);
  }

  @Test
  void exhaustedBudget_otherAddressesAreNotAffected() throws IOException {
    var other = InetAddress.ofLiteral("127.0.0.2");
    assumeTrue(isOurs(other), "this system has one loopback address only");
    spendAll();

    try (var neighbour = HttpClient.newBuilder().localAddress(other).build()) {
      assertThat(get(neighbour, token()).statusCode()).isEqualTo(200);
      assertThat(get(neighbour, forged()).statusCode()).isEqualTo(401);
    }
    assertThat(get(HTTP, token()).statusCode()).isEqualTo(429);
  }

  @Test
  void forwardedHeaderOfUntrustedPeer_isIgnored(CapturedOutput output) {
    for (var i = 0; i < BUDGET; i++) {
      var request = spoofed("203.0.113." + i).header("Authorization", "Bearer " + forged());
      assertThat(send(request).statusCode()).isEqualTo(401);
    }
    assertThat(
            send(spoofed("203.0.113.99").header("Authorization", "Bearer " + token())).statusCode())
        .isEqualTo(429);
    assertThat(lines(output, "authentication_refused"))
        .isNotEmpty()
        .allMatch(line -> line.contains("\"client\":\"127.0.0.1\""));
    assertThat(output).doesNotContain("203.0.113");
    assertThat(lines(output, "add it to ROWLOCK_TRUSTED_PROXIES")).as("said once").hasSize(1);
  }

  @Test
  void requestWithoutToken_usesNoBudget() {
    for (var i = 0; i < 2 * BUDGET; i++) {
      assertThat(send(request()).statusCode()).isEqualTo(401);
      assertThat(send(request().header("Authorization", "Bearer")).statusCode()).isEqualTo(400);
    }
    assertThat(get(HTTP, token()).statusCode()).isEqualTo(200);

    spendAll();
    assertThat(send(request()).statusCode()).isEqualTo(401);
    assertThat(send(request("/problems/too-many-requests")).statusCode()).isEqualTo(200);
  }

  @Test
  void flood_isCounted_fewLinesAreWritten(CapturedOutput output) throws Exception {
    var flood = 5_000;
    var before = count(Refusal.UNKNOWN_KEY) + count(Refusal.OVER_BUDGET);
    var tokens = java.util.stream.Stream.generate(this::forged).limit(50).toList();

    try (var senders = Executors.newFixedThreadPool(8)) {
      for (var i = 0; i < flood; i++) {
        var token = tokens.get(i % tokens.size());
        senders.submit(() -> get(HTTP, token));
      }
    }

    assertThat(count(Refusal.UNKNOWN_KEY) + count(Refusal.OVER_BUDGET) - before).isEqualTo(flood);
    var written = lines(output, "authentication_refused").size();
    assertThat(written).isBetween(1, 2 * 60);
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(written + withheld(output)).isEqualTo(flood));
    assertThat(lines(output, "refusals_not_written")).hasSizeLessThan(20);
  }

  private static long withheld(CapturedOutput output) {
    var sum = 0L;
    for (var line : lines(output, "refusals_not_written")) {
      for (var count : JsonMapper.builder().build().readTree(line).get("counts")) {
        sum += count.asLong();
      }
    }
    return sum;
  }

  private void spendAll() {
    for (var i = 0; i < BUDGET; i++) {
      assertThat(get(HTTP, forged()).statusCode()).isEqualTo(401);
    }
  }

  private String forged() {
    return ISSUER.token(STRANGER, UUID.randomUUID());
  }

  private HttpRequest.Builder request() {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + "/probe/me"));
  }

  private HttpRequest.Builder spoofed(String client) {
    return request()
        .header("X-Forwarded-For", client)
        .header("X-Real-IP", client)
        .header("Forwarded", "for=" + client);
  }

  private HttpResponse<String> get(HttpClient client, String token) {
    try {
      return client.send(
          request().header("Authorization", "Bearer " + token).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static boolean isOurs(InetAddress address) {
    try (var socket = new Socket()) {
      socket.bind(new InetSocketAddress(address, 0));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void pass(Duration time) {
    NANOS.addAndGet(time.toNanos());
  }

  private static List<String> lines(CapturedOutput output, String event) {
    return output.getOut().lines().filter(line -> line.contains(event)).toList();
  }

  private double count(Refusal reason) {
    return metrics.counter("rowlock.authentication.refused", "reason", reason.code()).count();
  }
}
