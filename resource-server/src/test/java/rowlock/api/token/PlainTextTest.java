/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Compares the loops with the definitions, for each Unicode character. */
class PlainTextTest {
  private static final Pattern NAME = Pattern.compile("[\\p{IsAssigned}&&[^\\p{IsControl}]]*");
  private static final Pattern VALUE =
      Pattern.compile("[\\p{IsAssigned}&&[[^\\p{IsControl}]||\\t]]*");

  @Test
  void eachCharacter_isAllowedAsDefined() {
    assertThat(
            IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
                .mapToObj(c -> "a" + Character.toString(c) + "z")
                .filter(
                    text ->
                        PlainText.isHeaderName(text) != NAME.matcher(text).matches()
                            || PlainText.isHeaderValue(text) != VALUE.matcher(text).matches()))
        .isEmpty();
  }

  @Test
  void emptyText_isAllowed() {
    assertThat(PlainText.isHeaderName("")).isTrue();
    assertThat(PlainText.isHeaderValue("")).isTrue();
  }
}
