/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.time.Clock;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.api.audit.Refusal;
import rowlock.api.test.TestIssuer;

/** The header of an access token. Every token here is signed by the issuer's key. */
class TokenHeaderTest {
  private static final RSAKey KEY = TestIssuer.newKey("key-1");
  private static final TestIssuer ISSUER = new TestIssuer().publish(KEY);
  private static final RunningVerifier VERIFIER =
      new RunningVerifier(ISSUER, Set.of("PS256"), Clock.systemUTC());

  @AfterAll
  static void stop() {
    VERIFIER.close();
    ISSUER.close();
  }

  @Test
  void row4_theLongMediaTypeAndAnyCaseAreTheSameType() {
    assertThat(VERIFIER.verifier().verify(withHeader("\"typ\":\"application/AT+JWT\"")))
        .isInstanceOf(Verdict.Accepted.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"typ\":\"JWT\"",
        "\"typ\":\"at+jwtx\"",
        "\"typ\":\"x/at+jwt\"",
        "\"typ\":\"logout+jwt\"",
        "\"typ\":\"secevent+jwt\"",
        "\"typ\":\"dpop+jwt\"",
        "\"typ\":[\"at+jwt\"]",
        "\"typ\":1",
        "\"typ\":null",
        "\"nothing\":1"
      })
  void row4_whenTheTypeIsNotAccessToken_thenRefused(String type) {
    assertThat(VERIFIER.reason(withHeader(type))).isEqualTo(Refusal.WRONG_TYPE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"crit\":[\"b64\"],\"b64\":false", "\"crit\":[]", "\"b64\":false"})
  void row13_whenCriticalExtensions_thenRefused(String member) {
    assertThat(VERIFIER.reason(withHeader("\"typ\":\"at+jwt\"," + member)))
        .isEqualTo(Refusal.CRITICAL_HEADER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"jwk", "jku", "x5u", "x5c"})
  void row14_whenTheTokenBringsAKey_thenRefused(String member) {
    assertThat(
            VERIFIER.reason(
                withHeader("\"typ\":\"at+jwt\",\"" + member + "\":\"https://evil.example\"")))
        .isEqualTo(Refusal.EMBEDDED_KEY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"kid\":1,", "\"kid\":null,", "\"kid\":\"\",", "\"kid\":\"a b\",", ""})
  void row16_whenTheKeyIdIsMissingOrNoShortText_thenRefused(String kid) {
    assertThat(VERIFIER.reason(header("{" + kid + "\"alg\":\"PS256\",\"typ\":\"at+jwt\"}")))
        .isEqualTo(Refusal.BAD_KEY_ID);
  }

  @Test
  void row16_aKeyIdHasAtMost64Characters() {
    var shape = "{\"kid\":\"%s\",\"alg\":\"PS256\",\"typ\":\"at+jwt\"}";
    assertThat(VERIFIER.reason(header(shape.formatted("k".repeat(64)))))
        .isEqualTo(Refusal.UNKNOWN_KEY);
    assertThat(VERIFIER.reason(header(shape.formatted("k".repeat(65)))))
        .isEqualTo(Refusal.BAD_KEY_ID);
  }

  @Test
  void row1_whenNoAlgorithm_thenRefused() {
    assertThat(VERIFIER.reason(header("{\"kid\":\"key-1\",\"typ\":\"at+jwt\"}")))
        .isEqualTo(Refusal.WRONG_ALGORITHM);
  }

  @Test
  void row1_allowedAlgorithmOfAnotherKey_isRefused() {
    try (var both = new RunningVerifier(ISSUER, Set.of("PS256", "RS256"), Clock.systemUTC())) {
      assertThat(both.reason(header("{\"kid\":\"key-1\",\"alg\":\"RS256\",\"typ\":\"at+jwt\"}")))
          .isEqualTo(Refusal.WRONG_ALGORITHM);
    }
  }

  @Test
  void row2_disallowedAlgorithm_noKeyIsFetched() {
    var before = ISSUER.keyFetches();
    assertThat(VERIFIER.reason(header("{\"kid\":\"new\",\"alg\":\"none\",\"typ\":\"at+jwt\"}")))
        .isEqualTo(Refusal.WRONG_ALGORITHM);
    assertThat(ISSUER.keyFetches()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"null", "[]", "\"text\"", "{}{}", "{\"sub\":\"a\",\"sub\":\"b\"}", "\uFEFF{}"})
  void row12_whenThePayloadIsNoStrictJsonObject_thenRefused(String payload) {
    var header = JSONObjectUtils.toJSONString(TestIssuer.header(KEY));
    assertThat(VERIFIER.reason(TestIssuer.signRaw(KEY, header, payload)))
        .isEqualTo(Refusal.MALFORMED_JSON);
  }

  private static String withHeader(String members) {
    return header("{\"alg\":\"PS256\",\"kid\":\"key-1\"," + members + "}");
  }

  private static String header(String json) {
    return TestIssuer.signRaw(
        KEY, json, JSONObjectUtils.toJSONString(ISSUER.claims(UUID.randomUUID())));
  }
}
