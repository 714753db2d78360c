/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import rowlock.api.ApiServer;
import rowlock.api.test.TestIssuer;
import rowlock.field.FieldReport;

/**
 * Ten thousand tokens, each naming another key that the issuer does not have: the issuer does not
 * notice, and neither does anybody with a good token.
 *
 * <p>What protects them is asserted as it is made: how often the keys are fetched, that a good
 * token is answered while such a fetch hangs, and that none fails. Time is compared only where it
 * can be compared fairly: one connection, short spells of the flood and of quiet in turn, so that
 * whatever else the machine does falls on both alike; and nothing is made of a few milliseconds.
 * Requests at once compete for the machine's cores, whatever they carry. What that costs is
 * measured in the module {@code benchmarks}, where no build depends on it.
 */
@DirtiesContext(classMode = DirtiesContext.ClassMode.BEFORE_EACH_TEST_METHOD)
@TestPropertySource(
    properties = {
      // one address sends all of it here, and is to be heard to the end
      "rowlock.failed.authentications.per.minute=1000000",
      "rowlock.security.log.lines.per.minute=100"
    })
@Tag("thorough")
class FloodIT extends ApiServer {
  private static final int FORGED = 10_000;
  private static final int SPELL = 100;
  private static final int AT_ONCE = 500;

  /** Variations of scheduler and garbage collection are ignored. */
  private static final Duration NOTHING_TO_SEE = Duration.ofMillis(20);

  /** A separate issuer: the shared one also receives requests from the contexts of other tests. */
  private static final TestIssuer KEYS = new TestIssuer().publish(KEY);

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @Autowired private MeterRegistry metrics;

  private final AtomicInteger forgeries = new AtomicInteger();
  private final String unnamed = token().replaceFirst("^[^.]+", "");

  @DynamicPropertySource
  static void keys(DynamicPropertyRegistry settings) {
    settings.add("rowlock.jwks.uri", KEYS::jwksUrl);
  }

  @AfterAll
  static void stop() {
    HTTP.close();
    KEYS.close();
  }

  @Test
  void row16_inSequence_keysAreFetchedOnce_goodTokensAreNotSlower() {
    var good = IntStream.range(0, 20).mapToObj(i -> token()).toList();
    await().until(() -> answer(good.getFirst()).status() == 200);
    good.forEach(token -> assertThat(answer(token).status()).isEqualTo(200));
    var begun = System.nanoTime();
    var fetches = KEYS.keyFetches();

    List<Duration> inQuiet = new ArrayList<>();
    List<Duration> inFlood = new ArrayList<>();
    Set<Answer> refused = new HashSet<>();
    for (var spell = 0; spell < FORGED / SPELL; spell++) {
      for (var request = 0; request < SPELL; request++) {
        refused.add(answer(forged()));
        if (request % 2 == 0) {
          inFlood.add(timeOf(good.get(request % good.size())));
        }
      }
      for (var request = 0; request < SPELL; request += 2) {
        inQuiet.add(timeOf(good.get(request % good.size())));
      }
    }

    assertThat(refused).singleElement().satisfies(FloodIT::isTheOneRefusal);
    assertThat(KEYS.keyFetches() - fetches).isLessThanOrEqualTo(allowedFetches(begun));
    var quiet = percentile99(inQuiet);
    assertThat(percentile99(inFlood))
        .as("99th percentile of the good requests between forged ones; in quiet it is %s", quiet)
        .isLessThanOrEqualTo(Collections.max(List.of(NOTHING_TO_SEE, quiet.multipliedBy(2))));
  }

  @FieldReport("https://github.com/auth0/jwks-rsa-java/issues/173")
  @Test
  void row16_concurrently_goodTokensNeitherWaitNorFail() throws Exception {
    var known = token();
    await().until(() -> answer(known).status() == 200);
    var begun = System.nanoTime();
    var fetches = KEYS.keyFetches();
    var hanging = KEYS.hang();

    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      var cause = clients.submit(() -> answer(forged()));
      await().until(() -> KEYS.keyFetches() > fetches);
      assertThat(answer(known).status()).isEqualTo(200);
      assertThat(answer(token()).status()).as("a token that was not seen before").isEqualTo(200);
      assertThat(failedFetches()).as("the fetch that they did not wait for goes on").isZero();
      assertThat(cause.get()).satisfies(FloodIT::isTheOneRefusal);

      var connections = new Semaphore(AT_ONCE);
      var toDo = new CountDownLatch(FORGED);
      var flood =
          IntStream.range(0, FORGED)
              .mapToObj(i -> clients.submit(() -> answer(forged(), connections, toDo)))
              .toList();
      List<Integer> good = new ArrayList<>();
      while (toDo.getCount() > 0) {
        good.add(answer(good.size() % 10 == 0 ? token() : known).status());
      }

      assertThat(Set.copyOf(good)).containsExactly(200);
      Set<Answer> refused = new HashSet<>();
      for (var answer : flood) {
        refused.add(answer.get());
      }
      assertThat(refused).singleElement().satisfies(FloodIT::isTheOneRefusal);
    } finally {
      hanging.countDown();
    }
    assertThat(KEYS.keyFetches() - fetches).isLessThanOrEqualTo(allowedFetches(begun));
  }

  /** The response of a request. */
  private record Answer(int status, String contentType, String challenge, String body) {}

  private static void isTheOneRefusal(Answer answer) {
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.contentType()).isEqualTo("application/problem+json");
    assertThat(answer.challenge()).contains("error=\"invalid_token\"");
    assertThat(answer.body()).contains("/problems/invalid-token");
  }

  private Answer answer(String token) {
    try {
      var response = HTTP.send(request("/probe/me", token).build(), BodyHandlers.ofString());
      return new Answer(
          response.statusCode(),
          response.headers().firstValue("Content-Type").orElse(""),
          response.headers().firstValue("WWW-Authenticate").orElse(""),
          // a good answer is another one for each user
          response.statusCode() == 200 ? "" : response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Answer answer(String token, Semaphore connections, CountDownLatch toDo)
      throws InterruptedException {
    connections.acquire();
    try {
      return answer(token);
    } finally {
      connections.release();
      toDo.countDown();
    }
  }

  private Duration timeOf(String token) {
    var begun = System.nanoTime();
    assertThat(answer(token).status()).isEqualTo(200);
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  /** A valid token, except for its key id, which is different each time. */
  private String forged() {
    var header = TestIssuer.header(KEY);
    header.put("kid", "forged-" + forgeries.incrementAndGet());
    return Base64URL.encode(JSONObjectUtils.toJSONString(header)) + unnamed;
  }

  /** One fetch for each 30 seconds, and the regular ones. */
  private static int allowedFetches(long begun) {
    var seconds = Duration.ofNanos(System.nanoTime() - begun).toSeconds();
    return (int) (1 + seconds / 30 + 1 + seconds / 60);
  }

  private double failedFetches() {
    return metrics.counter("rowlock.issuer.keys.fetches", "outcome", "failed").count();
  }

  private static Duration percentile99(List<Duration> times) {
    return times.stream().sorted().toList().get(times.size() * 99 / 100);
  }
}
