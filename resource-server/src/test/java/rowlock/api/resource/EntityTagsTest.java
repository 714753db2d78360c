/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;
import rowlock.problem.ProblemException;

class EntityTagsTest {
  private static final int LONG = 100_000;

  @Test
  void aListOfTagsIsReadAsItsVersions() {
    assertThat(EntityTags.versions(ifMatch("\"v1\" ,, W/\"v2\",\t\"x\", \"v3\"")))
        .isEqualTo("{1,3}");
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "\t", "\"", "\"v1\" ", "x", "W/"})
  void aLongMalformedListIsRefusedInLinearTime(String part) {
    var request = ifMatch("\"v1\"," + part.repeat(LONG) + "x");
    assertTimeout(
        Duration.ofSeconds(5),
        () ->
            assertThatThrownBy(() -> EntityTags.versions(request))
                .isInstanceOf(ProblemException.class));
  }

  @Test
  void aLongListIsReadInLinearTime() {
    var request = ifMatch("\"v1\" , ".repeat(LONG) + "\"v2\"");
    assertTimeout(
        Duration.ofSeconds(5),
        () -> assertThat(EntityTags.versions(request)).startsWith("{1,1,").endsWith(",1,2}"));
  }

  private static MockHttpServletRequest ifMatch(String value) {
    var request = new MockHttpServletRequest();
    request.addHeader("If-Match", value);
    return request;
  }
}
