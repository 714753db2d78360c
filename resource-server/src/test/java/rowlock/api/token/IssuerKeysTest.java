/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.RSAKey;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import rowlock.api.audit.Refusal;
import rowlock.api.settings.TokenSettings;
import rowlock.api.test.TestIssuer;
import rowlock.field.FieldReport;

/** RS rows 16 to 20: fetching of keys, and its failures. */
class IssuerKeysTest {
  private static final RSAKey FIRST = TestIssuer.newKey("first");
  private static final RSAKey SECOND = TestIssuer.newKey("second");

  private final TestIssuer issuer = new TestIssuer().publish(FIRST);
  private final AdjustableClock clock = new AdjustableClock(Instant.now());
  private final MeterRegistry metrics = new SimpleMeterRegistry();
  private IssuerKeys keys = keys(Duration.ofHours(1), null);

  private IssuerKeys keys(Duration refresh, URI jwksUri) {
    return keys(refresh, jwksUri, Duration.ofSeconds(1));
  }

  private IssuerKeys keys(Duration refresh, URI jwksUri, Duration patience) {
    var settings =
        new TokenSettings(
            issuer.url(),
            jwksUri,
            "task-api",
            Set.of("PS256"),
            Set.of(),
            Duration.ofMinutes(10),
            8192,
            Duration.ofSeconds(60),
            true,
            false);
    var timing =
        new IssuerKeys.Timing(refresh, Duration.ofSeconds(30), Duration.ofHours(24), patience);
    return new IssuerKeys(settings, clock, metrics, timing);
  }

  @AfterEach
  void stop() {
    keys.close();
    issuer.close();
  }

  @Test
  void theAddressOfTheKeysComesFromTheMetadata() {
    startWithKeys();
    assertThat(keys.find("first")).isInstanceOf(Verdict.Accepted.class);
  }

  @Test
  void whenTheMetadataNameAnotherIssuer_thenTheirKeysAreNotUsed() {
    issuer.claiming("http://localhost/realms/other");
    keys.start();
    await().during(Duration.ofMillis(500)).until(() -> keys.usable() == null);
    assertThat(issuer.keyFetches()).isZero();
  }

  @Test
  void whenTheAddressIsSet_thenNoMetadataAreNeeded() {
    issuer.claiming("http://localhost/realms/other");
    keys.close();
    keys = keys(Duration.ofHours(1), URI.create(issuer.jwksUrl()));
    startWithKeys();
  }

  @Test
  void row18_noKeysYet_isReported_untilFetched() {
    issuer.answering(503);
    keys.start();
    assertThat(reason("first")).isEqualTo(Refusal.NO_KEYS);
    issuer.answering(200);
    await().until(() -> keys.usable() != null);
  }

  @Test
  void row18_issuerUnavailable_lastGoodKeysRemainForADay() {
    keys.close();
    keys = keys(Duration.ofMillis(50), null);
    startWithKeys();
    issuer.answering(500);
    await().until(() -> failedFetches() > 2);
    clock.advance(Duration.ofHours(23));
    assertThat(keys.find("first")).isInstanceOf(Verdict.Accepted.class);
    clock.advance(Duration.ofHours(1).plusSeconds(10));
    assertThat(reason("first")).isEqualTo(Refusal.NO_KEYS);
  }

  private double failedFetches() {
    return metrics.counter("rowlock.issuer.keys.fetches", "outcome", "failed").count();
  }

  @Test
  void row18_malformedKeySet_lastGoodKeysRemain() {
    keys.close();
    keys = keys(Duration.ofMillis(50), null);
    startWithKeys();
    issuer.publishRaw("{\"keys\":[]}");
    var before = issuer.keyFetches();
    await().until(() -> issuer.keyFetches() > before + 2);
    assertThat(keys.find("first")).isInstanceOf(Verdict.Accepted.class);
  }

  @Test
  void row17_whenTheKeySetIsHuge_thenItIsNotRead() {
    issuer.publishRaw("{\"x\":\"" + "y".repeat(IssuerEndpoint.MAX_BYTES) + "\"}");
    keys.start();
    await().until(() -> issuer.keyFetches() > 0);
    await().during(Duration.ofMillis(200)).until(() -> keys.usable() == null);
  }

  @Test
  void row19_whenAKeyIsAdded_thenItsFirstTokenIsGoodAtOnce() {
    startWithKeys();
    issuer.publish(FIRST, SECOND);
    assertThat(keys.find("second")).isInstanceOf(Verdict.Accepted.class);
    assertThat(keys.find("first")).isInstanceOf(Verdict.Accepted.class);
  }

  @FieldReport("https://github.com/spring-projects/spring-security/issues/5853")
  @Test
  void row19_whenAKeyIsRetired_thenItEndsWithTheNextFetch() {
    keys.close();
    keys = keys(Duration.ofMillis(50), null);
    startWithKeys();
    var old = ((Verdict.Accepted<IssuerKey>) keys.find("first")).value();
    assertThat(keys.contains(old)).isTrue();
    issuer.publish(SECOND);
    await().until(() -> !keys.contains(old));
    assertThat(reason("first")).isEqualTo(Refusal.UNKNOWN_KEY);
  }

  @Test
  void whenAKeyIsReplacedUnderItsOldName_thenTheOldOneIsGone() {
    keys.close();
    keys = keys(Duration.ofMillis(50), null);
    startWithKeys();
    var old = ((Verdict.Accepted<IssuerKey>) keys.find("first")).value();
    issuer.publish(TestIssuer.newKey("first"));
    await().until(() -> !keys.contains(old));
  }

  @FieldReport("https://github.com/Michad/tilegroxy/issues/883")
  @Test
  void row16_aFloodOfForgedKeyIdsCausesOneFetchInThirtySeconds() throws InterruptedException {
    startWithKeys();
    var before = issuer.keyFetches();
    flood(1_000);
    assertThat(issuer.keyFetches()).isEqualTo(before + 1);
    clock.advance(Duration.ofSeconds(29));
    flood(100);
    assertThat(issuer.keyFetches()).isEqualTo(before + 1);
    clock.advance(Duration.ofSeconds(1));
    flood(100);
    assertThat(issuer.keyFetches()).isEqualTo(before + 2);
    assertThat(keys.find("first")).isInstanceOf(Verdict.Accepted.class);
  }

  @Test
  void row20_issuerHangs_knownKeysAtOnce_unknownKeysSoon() {
    startWithKeys();
    var hanging = issuer.hang();
    var begin = System.nanoTime();
    assertThat(reason("forged")).isEqualTo(Refusal.UNKNOWN_KEY);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
    begin = System.nanoTime();
    assertThat(keys.find("first")).isInstanceOf(Verdict.Accepted.class);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMillis(500));
    hanging.countDown();
  }

  @Test
  void row20_issuerHangs_limitedNumberWaits() throws InterruptedException {
    keys.close();
    keys = keys(Duration.ofHours(1), null, Duration.ofMinutes(1));
    startWithKeys();
    var hanging = issuer.hang();
    var answered = new AtomicInteger();
    var strangers = 1_000;
    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < strangers; i++) {
        var forged = "forged-" + i;
        clients.execute(
            () -> {
              keys.find(forged);
              answered.incrementAndGet();
            });
      }
      var turnedAway = strangers - IssuerKeys.MAX_WAITING;
      await().atMost(2, SECONDS).until(() -> answered.get() == turnedAway);
      assertThat(keys.find("first")).isInstanceOf(Verdict.Accepted.class);
      assertThat(answered.get()).isEqualTo(turnedAway);
      hanging.countDown();
    }
    assertThat(answered.get()).isEqualTo(strangers);

    clock.advance(Duration.ofSeconds(31));
    issuer.publish(FIRST, SECOND);
    assertThat(keys.find("second")).isInstanceOf(Verdict.Accepted.class); // all have left
  }

  @Test
  void row18_issuerUnavailableForAnHour_nothingFails() {
    keys.close();
    keys = keys(Duration.ofMillis(50), null);
    startWithKeys();
    issuer.answering(503);
    for (var minute = 0; minute < 60; minute++) {
      clock.advance(Duration.ofMinutes(1));
      assertThat(keys.find("first")).isInstanceOf(Verdict.Accepted.class);
      assertThat(reason("forged")).isEqualTo(Refusal.UNKNOWN_KEY);
    }
    issuer.publish(SECOND).answering(200);
    await().until(() -> keys.find("second") instanceof Verdict.Accepted<IssuerKey>);
    assertThat(reason("first")).isEqualTo(Refusal.UNKNOWN_KEY);
  }

  @Test
  void row18_whenTheIssuerIsBackAfterDays_thenItsKeysAreTakenAgain() {
    keys.close();
    keys = keys(Duration.ofMillis(50), null);
    startWithKeys();
    issuer.answering(503);
    var before = failedFetches();
    await().until(() -> failedFetches() > before);
    clock.advance(Duration.ofDays(3));
    assertThat(reason("first")).isEqualTo(Refusal.NO_KEYS);
    issuer.answering(200);
    await().until(() -> keys.find("first") instanceof Verdict.Accepted<IssuerKey>);
  }

  @Test
  void row17_onlyUnusableKeys_withdrawnKeysEnd() {
    for (var bad :
        new RSAKey[][] {
          {new RSAKey.Builder(SECOND.toPublicJWK()).keyUse(null).build()},
          {SECOND, new RSAKey.Builder(FIRST.toPublicJWK()).keyID("second").build()},
          {new RSAKey.Builder(SECOND.toPublicJWK()).algorithm(JWSAlgorithm.RS256).build()}
        }) {
      keys.close();
      keys = keys(Duration.ofMillis(50), null);
      issuer.publish(FIRST);
      startWithKeys();
      issuer.publish(bad);
      await().until(() -> reason("first") == Refusal.NO_KEYS);
      assertThat(reason("second")).isEqualTo(Refusal.NO_KEYS);
      issuer.publish(FIRST);
      await().until(() -> keys.find("first") instanceof Verdict.Accepted<IssuerKey>);
    }
  }

  @Test
  void row20_unexpectedFailure_nextFetchStillRuns() {
    for (var unthoughtOf :
        List.of(new IllegalStateException("a defect"), new NoClassDefFoundError("a defect"))) {
      // the fetch reads the clock, then the pause before the next one
      for (var successes = 0; successes < 2; successes++) {
        keys.close();
        keys = keys(Duration.ofMillis(50), null);
        startWithKeys();
        clock.failOnceIn("issuer-keys", unthoughtOf, successes);
        await().until(clock::hasFailed);
        var before = issuer.keyFetches();
        await().until(() -> issuer.keyFetches() > before + 1);
      }
    }
  }

  @Test
  void row16_unexpectedFailureOfExtraFetch_keyIsUnknown() {
    startWithKeys();
    clock.failOnceIn("issuer-keys", new IllegalStateException("a defect"));
    assertThat(reason("forged")).isEqualTo(Refusal.UNKNOWN_KEY);
    assertThat(clock.hasFailed()).isTrue();
    clock.advance(Duration.ofSeconds(31));
    issuer.publish(SECOND);
    assertThat(keys.find("second")).isInstanceOf(Verdict.Accepted.class);
  }

  private void flood(int requests) throws InterruptedException {
    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < requests; i++) {
        var forged = "forged-" + i;
        clients.submit(() -> keys.find(forged));
      }
      clients.shutdown();
      assertThat(clients.awaitTermination(30, SECONDS)).isTrue();
    }
  }

  private void startWithKeys() {
    keys.start();
    await().until(() -> keys.usable() != null);
  }

  /** Returns why there is no key; null if there is one. */
  private @Nullable Refusal reason(String kid) {
    return keys.find(kid) instanceof Verdict.Refused<IssuerKey> refused ? refused.reason() : null;
  }
}
