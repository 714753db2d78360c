/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.login;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A lost login is replaced once; a bookmark of the replacement may be replaced again later. */
class ReplacementStateTest {
  private static final long NOW = 1_795_282_984L;
  private static final long LIFE = 1_800;

  @Test
  void isRecent_withinLifetime_isTrue() {
    var state = ReplacementState.of("q3Zx_-Ab=", NOW);

    assertThat(ReplacementState.isRecent(state, NOW)).isTrue();
    assertThat(ReplacementState.isRecent(state, NOW + LIFE)).isTrue();
    assertThat(ReplacementState.isRecent(state, NOW + LIFE + 1)).isFalse();
    assertThat(ReplacementState.isRecent(state, NOW - LIFE - 1)).isFalse();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "q3Zx_-Ab=", ".", "x.", ".zz", "x.-1", "x.y.z", "x.0123456789"})
  void isRecent_otherState_isFalse(String state) {
    assertThat(ReplacementState.isRecent(state, NOW)).isFalse();
  }
}
