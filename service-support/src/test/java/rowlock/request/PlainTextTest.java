/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.security.web.firewall.StrictHttpFirewall;

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

  /** Each plain path passes Spring Security's complete firewall. */
  @Test
  void plainPath_containsNothingThatTheFirewallRejects() {
    var firewall = new StrictHttpFirewall();
    List<String> rejected = new ArrayList<>(firewall.getEncodedUrlBlocklist());
    rejected.addAll(firewall.getDecodedUrlBlocklist());

    assertThat(rejected).isNotEmpty().allSatisfy(text -> assertThat(isPath(text)).isFalse());
    assertThat(
            List.of("/api/./me", "/api/../me", "/api//me", "//", "/a b", "/\u00e9", "/a*", "/a~"))
        .allSatisfy(path -> assertThat(PlainText.isPath(path)).isFalse());
    assertThat(List.of("/", "/api/me/tasks", "/api/me/tasks/019AbZ-f_0/complete", ""))
        .allSatisfy(path -> assertThat(PlainText.isPath(path)).isTrue());
  }

  private static boolean isPath(String text) {
    return PlainText.isPath("/api/" + text + "/tasks");
  }

  @Test
  void emptyText_isAllowed() {
    assertThat(PlainText.isHeaderName("")).isTrue();
    assertThat(PlainText.isHeaderValue("")).isTrue();
  }
}
