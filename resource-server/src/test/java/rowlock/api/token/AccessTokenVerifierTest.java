/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.jwk.RSAKey;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.security.core.GrantedAuthority;
import rowlock.api.audit.Refusal;
import rowlock.api.settings.TokenSettings;
import rowlock.api.test.TestIssuer;
import rowlock.field.FieldReport;

class AccessTokenVerifierTest {
  private static final RSAKey KEY = TestIssuer.newKey("key-1");

  private final TestIssuer issuer = new TestIssuer().publish(KEY);
  private final AdjustableClock clock = new AdjustableClock(Instant.now());
  private final TokenSettings settings =
      new TokenSettings(
          issuer.url(),
          null,
          "task-api",
          Set.of("PS256"),
          Set.of(),
          Duration.ofMinutes(10),
          8192,
          Duration.ofSeconds(60),
          true,
          false);
  private final IssuerKeys keys =
      new IssuerKeys(
          settings,
          clock,
          new SimpleMeterRegistry(),
          new IssuerKeys.Timing(
              Duration.ofMillis(50),
              Duration.ofSeconds(30),
              Duration.ofHours(24),
              Duration.ofSeconds(1)));
  private final AccessTokenVerifier verifier = new AccessTokenVerifier(settings, keys, clock);

  @BeforeEach
  void start() {
    keys.start();
    await().until(() -> keys.usable() != null);
  }

  @AfterEach
  void stop() {
    keys.close();
    issuer.close();
  }

  @Test
  void cachedToken_isNotVerifiedAgain() {
    var token = issuer.token(KEY, UUID.randomUUID());
    var first = accepted(token);
    assertThat(accepted(token)).isSameAs(first);
  }

  @Test
  void scopeClaim_isTheOnlySourceOfScopes() {
    var token =
        issuer.token(
            KEY,
            claims -> {
              claims.put("scope", "items:read items:write");
              claims.put("scp", List.of(1, 2));
            });
    assertThat(accepted(token).authorities())
        .extracting(GrantedAuthority::getAuthority)
        .containsExactly("SCOPE_items:read", "SCOPE_items:write");
    var withoutScope =
        issuer.token(
            KEY,
            claims -> {
              claims.remove("scope");
              claims.put("scp", List.of("admin"));
            });
    assertThat(accepted(withoutScope).authorities()).isEmpty();
  }

  @Test
  void whenTheCacheIsOff_thenEveryTokenIsVerifiedEachTime() {
    var forgetful =
        new AccessTokenVerifier(
            new TokenSettings(
                issuer.url(),
                null,
                "task-api",
                Set.of("PS256"),
                Set.of(),
                Duration.ofMinutes(10),
                8192,
                Duration.ofSeconds(60),
                false,
                false),
            keys,
            clock);
    var token = issuer.token(KEY, UUID.randomUUID());
    var first = ((Verdict.Accepted<VerifiedToken>) forgetful.verify(token)).value();
    var second = ((Verdict.Accepted<VerifiedToken>) forgetful.verify(token)).value();
    assertThat(second).isNotSameAs(first);
  }

  @Test
  void cachedToken_expires() {
    var token = issuer.token(KEY, UUID.randomUUID());
    accepted(token);
    clock.advance(Duration.ofSeconds(306));
    assertThat(reason(token)).isEqualTo(Refusal.EXPIRED);
  }

  @Test
  void cachedToken_endsWithItsKey() {
    var token = issuer.token(KEY, UUID.randomUUID());
    accepted(token);
    issuer.publish(TestIssuer.newKey("key-2"));
    await().untilAsserted(() -> assertThat(reason(token)).isEqualTo(Refusal.UNKNOWN_KEY));
  }

  @Test
  void cachedToken_endsWhenItsKeyIsReplaced() {
    var token = issuer.token(KEY, UUID.randomUUID());
    accepted(token);
    issuer.publish(TestIssuer.newKey("key-1"));
    await().untilAsserted(() -> assertThat(reason(token)).isEqualTo(Refusal.BAD_SIGNATURE));
  }

  @Test
  void rejectedToken_isAcceptedOnceItsKeyIsPublished() {
    var next = TestIssuer.newKey("key-1");
    var token = issuer.token(next, UUID.randomUUID());
    assertThat(reason(token)).isEqualTo(Refusal.BAD_SIGNATURE);
    assertThat(reason(token)).as("again").isEqualTo(Refusal.BAD_SIGNATURE);

    issuer.publish(next);

    await()
        .untilAsserted(
            () -> assertThat(verifier.verify(token)).isInstanceOf(Verdict.Accepted.class));
  }

  @FieldReport("https://github.com/benmcollins/libjwt/issues/200")
  @Test
  void row1_algorithmOfHeaderDiffersFromKey_isRefused() {
    for (var algorithm :
        new String[] {"RS256", "none", "None", "HS256", "ES256", "PS512", "ps256"}) {
      var header = TestIssuer.header(KEY);
      header.put("alg", algorithm);
      var token = TestIssuer.sign(KEY, header, issuer.claims(UUID.randomUUID()));
      assertThat(reason(token)).as(algorithm).isEqualTo(Refusal.WRONG_ALGORITHM);
    }
  }

  @Test
  void whenAnyByteOfTheTokenIsChanged_thenRefused() {
    var token = issuer.token(KEY, UUID.randomUUID());
    for (var i = 0; i < token.length(); i += 7) {
      var old = token.charAt(i);
      var changed = token.substring(0, i) + (old == 'A' ? 'B' : 'A') + token.substring(i + 1);
      assertThat(verifier.verify(changed)).as("at " + i).isInstanceOf(Verdict.Refused.class);
    }
  }

  @Test
  void whenAnotherKeyOfTheSameNameHasSigned_thenRefused() {
    var token = issuer.token(TestIssuer.newKey("key-1"), UUID.randomUUID());
    assertThat(reason(token)).isEqualTo(Refusal.BAD_SIGNATURE);
  }

  private VerifiedToken accepted(String token) {
    return ((Verdict.Accepted<VerifiedToken>) verifier.verify(token)).value();
  }

  private Refusal reason(String token) {
    return ((Verdict.Refused<VerifiedToken>) verifier.verify(token)).reason();
  }
}
