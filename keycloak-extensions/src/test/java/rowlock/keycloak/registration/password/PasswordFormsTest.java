/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordFormsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          password           | password
          PassWord           | password
          P@ssw0rd           | password
          p4$$w0rd2024!      | password
          Password12345      | password
          !!sunshine2024!    | sunshine
          passwordpassword   | password
          Dragon1!Dragon1!   | dragon
          rockstar           | rockstar
          """)
  void of_decoratedWord_containsTheWord(String password, String word) {
    assertThat(PasswordForms.of(password)).contains(word).hasSizeLessThanOrEqualTo(10);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          correct horse password | password
          password correct horse | password
          password1234567890     | password
          abc12345678            | abc
          mypasswordisgood       | password
          """)
  void of_wordInsideLongerPassword_doesNotContainTheWord(String password, String word) {
    assertThat(PasswordForms.of(password)).doesNotContain(word);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "aaaaaaaaaaaa",
        "abababababab",
        "xyzxyzxyzxyz",
        "123456789012",
        "abcdefghijkl",
        "ZYXWVUTSRQPO",
        "987654321"
      })
  void isPattern_repeatedStep_isTrue(String password) {
    assertThat(PasswordForms.isPattern(password)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x y x y x y ", "a", "", "acegikmoqsuw", "correct horse", "1234554321"})
  void isPattern_otherText_isFalse(String password) {
    assertThat(PasswordForms.isPattern(password)).isFalse();
  }

  /** A list in lower case; {@code two words} is one entry of it. */
  private static final Set<String> LISTED =
      Set.of("qwerty", "123456", "password", "monkey", "dragon", "iloveyou", "abc", "two words");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Qwerty123456!",
        "qwerty123456",
        "123456Qwerty",
        "!!Qwerty123456!!",
        "Qwerty-123456",
        "Qwerty 123456",
        "Qwerty__123456",
        "Qwerty12Dragon2026!",
        "Qw3rty123456!",
        "P@ssw0rdQwerty1",
        "MonkeyDragon",
        "Monkey.Dragon.2026",
        "ILOVEYOUabc!",
        "Monkey1111111",
        "Monkey987654321",
        "MonkeyDragonMonkeyDragon",
        "ｑｗｅｒｔｙ１２３４５６"
      })
  void isTwoParts_listedPartsWithDecorations_isTrue(String password) {
    assertThat(PasswordForms.isTwoParts(password, LISTED::contains)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "!",
        "qwerty",
        "Qwerty!Wordless123456",
        "password of the monkey",
        "qwerty123456monkey",
        "MonkeyXDragon",
        "aMonkeyDragon",
        "Monkey---Dragon",
        "MonkeyDragon-2026-!",
        "Monkeyshine Dragonfly",
        "two words monkey dragon"
      })
  void isTwoParts_otherText_isFalse(String password) {
    assertThat(PasswordForms.isTwoParts(password, LISTED::contains)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "1", "!", "ab1", "\u0301"})
  void isTwoParts_veryLongText_isFast(String repeated) {
    var text = repeated.repeat(64 / repeated.length());
    assertTimeout(
        Duration.ofSeconds(2),
        () -> {
          for (var i = 0; i < 100; i++) {
            PasswordForms.isTwoParts(text, LISTED::contains);
          }
        });
  }
}
