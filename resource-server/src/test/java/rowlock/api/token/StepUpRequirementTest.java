/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.oauth2.jwt.Jwt;

class StepUpRequirementTest {
  private static final Instant NOW = Instant.parse("2030-01-02T03:04:05Z");

  private static final Duration SKEW = Duration.ofSeconds(60);

  private final StepUpRequirement recent =
      new StepUpRequirement(List.of(), Duration.ofSeconds(300));
  private final StepUpRequirement strong = new StepUpRequirement(List.of("2", "gold"), null);

  /** The clock skew at one end, five seconds at the other, as for every other time in a token. */
  @ParameterizedTest
  @CsvSource({
    "0, true",
    "-300, true",
    "-305, true",
    "-306, false",
    "60, true",
    "61, false",
    "3600, false"
  })
  void authTime_isRecentWithinMaxAge_neverInTheFuture(long seconds, boolean met) {
    assertThat(recent.isMetBy(token("auth_time", NOW.getEpochSecond() + seconds), NOW, SKEW))
        .isEqualTo(met);
  }

  static Stream<Object> noTimes() {
    var now = NOW.getEpochSecond();
    return Stream.of(
        Long.toString(now),
        (double) now,
        BigDecimal.valueOf(now),
        BigInteger.valueOf(now),
        NOW,
        true,
        List.of(now),
        0,
        -1,
        Long.MAX_VALUE,
        Long.MIN_VALUE);
  }

  @ParameterizedTest
  @MethodSource("noTimes")
  void anAuthTimeOfAnotherTypeOrAgeIsNotMet(Object claim) {
    assertThat(recent.isMetBy(token("auth_time", claim), NOW, SKEW)).isFalse();
  }

  static Stream<Arguments> classes() {
    return Stream.of(
        Arguments.of("2", true),
        Arguments.of("gold", true),
        Arguments.of("1", false),
        Arguments.of("Gold", false),
        Arguments.of("2 gold", false),
        Arguments.of("", false),
        Arguments.of(2, false),
        Arguments.of(List.of("2"), false));
  }

  @ParameterizedTest
  @MethodSource("classes")
  void acr_anyListedValueIsAccepted(Object claim, boolean met) {
    assertThat(strong.isMetBy(token("acr", claim), NOW, SKEW)).isEqualTo(met);
  }

  @Test
  void missingClaim_isNotAccepted() {
    assertThat(recent.isMetBy(token("acr", "2"), NOW, SKEW)).isFalse();
    assertThat(strong.isMetBy(token("auth_time", NOW.getEpochSecond()), NOW, SKEW)).isFalse();
  }

  @Test
  void maxAgeOfZero_needsALoginNow() {
    var atOnce = new StepUpRequirement(List.of(), Duration.ZERO);
    assertThat(atOnce.isMetBy(token("auth_time", NOW.getEpochSecond()), NOW, SKEW)).isTrue();
    assertThat(atOnce.isMetBy(token("auth_time", NOW.getEpochSecond() - 6), NOW, SKEW)).isFalse();
    assertThat(atOnce.challenge()).containsEntry("max_age", "0");
  }

  @Test
  void challenge_hasTheRequiredParametersOnly() {
    assertThat(new StepUpRequirement(List.of("2", "gold"), Duration.ofMinutes(5)).challenge())
        .containsExactly(
            java.util.Map.entry("acr_values", "2 gold"), java.util.Map.entry("max_age", "300"));
    assertThat(strong.challenge()).containsOnlyKeys("acr_values");
    assertThat(recent.challenge()).containsOnlyKeys("max_age");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two words", "quo\"te", "back\\slash", "new\nline", "\u00fc"})
  void invalidAcr_isRefused(String acr) {
    assertThatThrownBy(() -> new StepUpRequirement(List.of(acr), null))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void emptyRequirement_isRefused() {
    assertThatThrownBy(() -> new StepUpRequirement(List.of(), null))
        .isInstanceOf(IllegalStateException.class);
  }

  private static Jwt token(String claim, Object value) {
    return Jwt.withTokenValue("t").header("kid", "k").claim(claim, value).build();
  }
}
