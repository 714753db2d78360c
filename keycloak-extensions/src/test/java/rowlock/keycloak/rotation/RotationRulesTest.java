/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static rowlock.keycloak.rotation.RotationRules.Decision.CONFLICT;
import static rowlock.keycloak.rotation.RotationRules.Decision.ROTATE;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.keycloak.rotation.RefreshRotationConfig.Mode;
import rowlock.keycloak.rotation.RefreshRotationConfig.OnReuse;
import rowlock.keycloak.rotation.RotationRules.Decision;
import rowlock.keycloak.rotation.TokenFamily.Newest;
import rowlock.keycloak.rotation.TokenFamily.Used;

class RotationRulesTest {
  private static final String REQUEST = "digest_-1";

  /** a was used at 1,000 ms, b at 5,000 ms; c is the newest. */
  private static final TokenFamily FAMILY =
      new TokenFamily(
          new Newest("c", 5, 100),
          List.of(new Used("b", 5_000, REQUEST), new Used("a", 1_000, REQUEST)),
          100);

  @ParameterizedTest(name = "{0}, grace {1} s, token {2}, arrived at {3} ms: {4}")
  @CsvSource({
    // the newest, always
    "window, 10, c, 5000, ROTATE",
    "window, 10, c, 9999999, ROTATE",
    "window, 0, c, 5000, ROTATE",
    "until-successor-used, 0, c, 5000, ROTATE",
    "until-successor-used, 60, c, 9999999, ROTATE",
    // its parent, by its own age
    "window, 10, b, 5001, REPLAY",
    "window, 10, b, 15000, REPLAY",
    "window, 10, b, 15001, REUSE",
    "window, 1, b, 6000, REPLAY",
    "window, 1, b, 6001, REUSE",
    // its grandparent, by its own age
    "window, 10, a, 11000, REPLAY",
    "window, 10, a, 11001, REUSE",
    "window, 60, a, 61000, REPLAY",
    "window, 60, a, 61001, REUSE",
    // arrived before the rotation that it had to wait for, or at a node whose clock is behind
    "window, 10, b, 4000, REPLAY",
    "window, 10, a, 0, REPLAY",
    // no window
    "window, 0, b, 5000, REUSE",
    "window, 0, b, 4000, REUSE",
    "window, 0, a, 1000, REUSE",
    // until the successor is used: the parent at any age, the grandparent by the window
    "until-successor-used, 0, b, 5001, REPLAY",
    "until-successor-used, 0, b, 9999999, REPLAY",
    "until-successor-used, 10, b, 9999999, REPLAY",
    "until-successor-used, 0, a, 5001, REUSE",
    "until-successor-used, 10, a, 11000, REPLAY",
    "until-successor-used, 10, a, 11001, REUSE",
    // never seen, or dropped since
    "window, 60, z, 5001, REUSE",
    "window, 0, z, 5001, REUSE",
    "until-successor-used, 60, z, 5001, REUSE",
    "until-successor-used, 0, z, 5001, REUSE"
  })
  void decide_tokenTimeAndMode_giveTheDecision(
      String mode, int grace, String token, long arrivedAt, Decision expected) {
    assertThat(rules(mode, grace).decide(FAMILY, token, REQUEST, arrivedAt)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}, grace {1} s, token {2}, arrived at {3} ms: {4}")
  @CsvSource({
    "window, 10, c, 5000, ROTATE",
    "window, 10, b, 5001, CONFLICT",
    "window, 10, b, 15001, REUSE",
    "window, 10, a, 11000, CONFLICT",
    "window, 0, b, 5000, REUSE",
    "window, 60, z, 5001, REUSE",
    "until-successor-used, 0, b, 9999999, CONFLICT",
    "until-successor-used, 0, a, 5001, REUSE"
  })
  void decide_anotherRequest_isNoRepetition(
      String mode, int grace, String token, long arrivedAt, Decision expected) {
    assertThat(rules(mode, grace).decide(FAMILY, token, "another", arrivedAt)).isEqualTo(expected);
  }

  @Test
  void decide_useWithoutRecordedRequest_isNoRepetition() {
    var family = TokenFamily.ofText("1 c 5 100 100 b@5000,a@1000");

    assertThat(rules("window", 10).decide(family, "b", REQUEST, 5_001)).isEqualTo(CONFLICT);
  }

  @ParameterizedTest(name = "arrived at {0} ms, in a line since {1} ms: counts as come at {2} ms")
  @CsvSource({
    "100000, 100000, 100000",
    "100000, 100001, 100000",
    "100000, 85000, 85000",
    "100000, 70000, 70000",
    "100000, 69999, 70000",
    "100000, 0, 70000"
  })
  void effectiveArrival_isBackdatedAtMostHalfAMinute(long arrivedAt, long busySince, long counted) {
    assertThat(new RotationContext(rules("window", 10), arrivedAt).effectiveArrival(busySince))
        .isEqualTo(counted);
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void decide_unknownFamily_isLeftToTheServer(Mode mode) {
    assertThat(rules(mode.toString(), 10).decide(null, "a", REQUEST, 1)).isEqualTo(ROTATE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 10, 60})
  void decide_anyHistory_rotatesExactlyOneToken(int grace) {
    var family = TokenFamily.afterRotation(null, token("t0"), token("t1"), REQUEST, 0);
    for (var step = 1; step < 40; step++) {
      var rules = rules(step % 2 == 0 ? "window" : "until-successor-used", grace);
      var rotatable = 0;
      for (var one = 0; one <= step; one++) {
        if (rules.decide(family, "t" + one, REQUEST, step * 700L) == ROTATE) {
          rotatable++;
        }
      }
      assertThat(rotatable).isOne();
      family =
          TokenFamily.afterRotation(
              family, token("t" + step), token("t" + (step + 1)), REQUEST, step * 700L);
    }
  }

  @Test
  void afterRotation_dropsExpiredUsesAndIsBounded() {
    TokenFamily family = null;
    for (var step = 0; step < 100; step++) {
      family =
          TokenFamily.afterRotation(
              family, token("t" + step), token("t" + (step + 1)), REQUEST, step);
    }
    assertThat(family.used()).hasSize(TokenFamily.MAX_USED);
    assertThat(family.lastUsed()).isEqualTo("t99");
    assertThat(family.toText()).hasSizeLessThan(500);

    var later =
        TokenFamily.afterRotation(family, token("t100"), token("t101"), REQUEST, 100 + 60_001);
    assertThat(later.used()).containsExactly(new Used("t100", 60_101, REQUEST));
  }

  @Test
  void ofText_afterToText_isEqual() {
    assertThat(TokenFamily.ofText(FAMILY.toText())).isEqualTo(FAMILY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "2 c 5 100 100 b@5000",
        "1 c 5 100 100 ",
        "1 c 5 100 100 b",
        "1 c 5 100 b@5000",
        "1 c x 100 100 b@5000",
        "1 c 5 100 100 b@9999999999999999999",
        "1 c 5 100 100 b@5000,",
        "1 c 5 100 100 b@5000@",
        "1 c 5 100 100 b@5000@x@y"
      })
  void ofText_unknownFormat_isNull(String text) {
    assertThat(TokenFamily.ofText(text)).isNull();
    assertThat(TokenFamily.ofText(null)).isNull();
  }

  @Test
  void isDead_afterLastTokenExpires_evenIfNotNewest() {
    // the realm's idle timeout was shortened between the two
    var family =
        TokenFamily.afterRotation(
            null, new Newest("a", 1, 900), new Newest("b", 2, 100), REQUEST, 1_000);

    assertThat(family.isDead(900)).isFalse();
    assertThat(family.isDead(901)).isTrue();
    assertThat(
            TokenFamily.afterRotation(
                    null, new Newest("a", 1, 0), new Newest("b", 2, 100), REQUEST, 1_000)
                .isDead(Long.MAX_VALUE))
        .isFalse();
  }

  private static RotationRules rules(String mode, int grace) {
    var chosen = mode.equals("window") ? Mode.WINDOW : Mode.UNTIL_SUCCESSOR_USED;
    return new RotationRules(Duration.ofSeconds(grace), chosen, OnReuse.USER_SESSION);
  }

  private static Newest token(String id) {
    return new Newest(id, 1, 1_000_000);
  }
}
