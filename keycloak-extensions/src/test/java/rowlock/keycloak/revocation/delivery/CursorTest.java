/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901Z");

  @Test
  void parse_textOfACursor_returnsTheCursor() {
    var cursor = new Cursor(NOW, "1f0e");

    assertThat(Cursor.parse(cursor.text())).isEqualTo(cursor);
  }

  @Test
  void parse_missingText_isTheStart() {
    assertThat(Cursor.parse(null)).isEqualTo(new Cursor(Instant.EPOCH, ""));
    assertThat(Cursor.parse("")).isEqualTo(Cursor.parse(null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"yesterday", "!", "bm93IGhlcmU", "MjAyNi0wMS0wMg"})
  void parse_invalidText_isNull(String text) {
    assertThat(Cursor.parse(text)).isNull();
  }

  @Test
  void atEnd_isAMinuteEarlier() {
    assertThat(Cursor.atEnd(NOW)).isEqualTo(new Cursor(NOW.minusSeconds(60), ""));
  }
}
