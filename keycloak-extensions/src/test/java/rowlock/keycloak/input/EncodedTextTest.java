/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.input;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncodedTextTest {
  @Test
  void decode_validEscapes_returnsText() {
    assertThat(EncodedText.decode("a%20b+%C3%BC%F0%9F%98%80", true))
        .isEqualTo("a b \u00fc\ud83d\ude00");
    assertThat(EncodedText.decode("a+b", false)).isEqualTo("a+b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"%", "a%2", "%zz", "%ff%fe", "%c0%80", "%ed%a0%80", "%f5%80%80%80", "\u20ac"})
  void decode_brokenEscapesOrUtf8_returnsNull(String encoded) {
    assertThat(EncodedText.decode(encoded, true)).isNull();
  }

  @Test
  void hasControl_lineFeedAndDelete_areFound() {
    assertThat(EncodedText.hasControl("a\nb")).isTrue();
    assertThat(EncodedText.hasControl("a\u007f")).isTrue();
    assertThat(EncodedText.hasControl("a \u00e4")).isFalse();
  }
}
