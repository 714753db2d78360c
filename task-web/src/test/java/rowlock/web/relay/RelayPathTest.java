/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelayPathTest {
  private static final int LONG = 1_000_000;

  @ParameterizedTest
  @ValueSource(strings = {"/api/me/tasks", "/api/a.b", "/api/...", "/api/%41%C3%A4", "/api/a:@!$"})
  void isAllowed_plainSegments_isTrue(String path) {
    assertThat(RelayPath.isAllowed(path)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api",
        "/api/",
        "/api//a",
        "/api/.",
        "/api/../a",
        "/api/a/..",
        "/api/%2e",
        "/api/;"
      })
  void isAllowed_emptyAndDotSegments_isFalse(String path) {
    assertThat(RelayPath.isAllowed(path)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "%41", "/a", ".", "/%41b"})
  void isAllowed_longPath_doesNotOverflowTheStack(String part) {
    var path = "/api/x" + part.repeat(LONG);
    assertThat(RelayPath.isAllowed(path)).isTrue();
    assertThat(RelayPath.isAllowed(path + "\\")).isFalse();
    assertThat(RelayPath.isAllowed(path + "//")).isFalse();
  }

  @Test
  void isAllowed_longSegmentWithEncodedSlash_isFalse() {
    assertThat(RelayPath.isAllowed("/api/" + "a".repeat(LONG) + "%2F")).isFalse();
  }
}
