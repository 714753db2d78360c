/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.password;

import static org.assertj.core.api.Assertions.assertThat;

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
}
