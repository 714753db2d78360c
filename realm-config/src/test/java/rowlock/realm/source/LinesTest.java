/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks that each value has its line and the comment next to it. */
class LinesTest {
  private static final Lines LINES =
      Lines.of(
          "a.yaml",
          """
          # The file.
          realm: a

          # One and two.
          one: 1
          two: 2

          three: 3 # at the end
          list:
            # Of the first.
            - name: x
              value: 1
            - name: y
          # Above the object.
          object:
            inner: 1
            # Its own.
            other: 2
          """);

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          /realm,        2,  The file.
          /one,          5,  One and two.
          /two,          6,  One and two.
          /three,        8,  at the end
          /list/0,       11, Of the first.
          /list/0/value, 12, Of the first.
          /object,       15, Above the object.
          /object/inner, 16, Above the object.
          /object/other, 18, Its own.
          """)
  void value_hasLineAndReason(String pointer, int line, String reason) {
    assertThat(LINES.at(pointer)).isEqualTo(new Origin("a.yaml", line, reason));
  }
}
