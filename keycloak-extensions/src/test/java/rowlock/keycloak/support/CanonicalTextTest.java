/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalTextTest {
  @ParameterizedTest
  @CsvSource({
    "'u\u0308', '\u00fc'",
    "'a\u00a0b\u2009c\u3000d', 'a b c d'",
    "'\u1112\u1161\u11ab', '\ud55c'",
    "'\u212b', '\u00c5'"
  })
  void password_inAnyForm_isComposedWithOrdinarySpaces(String typed, String canonical) {
    assertThat(PasswordText.canonical(typed)).isEqualTo(canonical);
    assertThat(PasswordText.canonical(canonical)).isEqualTo(canonical);
    assertThat(PasswordText.hashes(typed)).isEqualTo(2);
    assertThat(PasswordText.hashes(canonical)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x\u00b2", "\ufb01sh", "\uff41", "Stra\u00dfe", " a ", "\u200b", "\ud83d\ude00"})
  void password_ofDifferentCharacters_isKept(String typed) {
    assertThat(PasswordText.canonical(typed)).isEqualTo(typed);
  }

  @ParameterizedTest
  @CsvSource({
    "'\u00a0mia@example.org\u3000', mia@example.org",
    "'\u200emia\u200b@exam\u00adple.org\ufeff', mia@example.org",
    "'\uff4d\uff49\uff41\uff20\uff45\uff58\uff41\uff4d\uff50\uff4c\uff45\uff0e\uff4f\uff52\uff47', mia@example.org",
    "'jo\u0308rg', 'j\u00f6rg'",
    "'\tmia\r\n', mia",
    "'Mia Low', 'Mia Low'",
    "'x\u00b2', 'x\u00b2'"
  })
  void name_asItIsPasted_becomesCanonical(String typed, String canonical) {
    assertThat(NameText.canonical(typed)).isEqualTo(canonical);
    assertThat(NameText.canonical(canonical)).isEqualTo(canonical);
  }

  @Test
  void longTexts_areReturnedAtOnce() {
    var marks = "a" + "\u0308\u0323".repeat(500_000);
    Assertions.assertTimeout(
        Duration.ofSeconds(2),
        () -> {
          assertThat(PasswordText.canonical(marks)).isSameAs(marks);
          assertThat(NameText.canonical(marks)).isSameAs(marks);
        });
  }
}
