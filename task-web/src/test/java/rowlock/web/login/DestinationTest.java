/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.login;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.field.FieldReport;

class DestinationTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/tasks",
        "/?filter=open#t1",
        "/a//b",
        "/%0a",
        "/x?to=https://e.x",
        "/logins"
      })
  void of_pageOfThisServer_isReturned(String path) {
    assertThat(Destination.of(path)).isEqualTo(path);
  }

  @FieldReport("https://github.com/bitly/oauth2_proxy/issues/478")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        " /tasks",
        "/a\\b",
        "/a b",
        "/\u00e4",
        "javascript:alert(1)",
        "tasks",
        "?x",
        "@evil.example/",
        ".evil.example",
        ":80/",
        "/login",
        "/login?action=delete-account",
        "/login/oauth2/code/rowlock?code=x",
        "/logout",
        "/api/me/tasks",
        "/account?x",
        "/session#x",
        "/login%2f"
      })
  void of_anyOtherAddress_isHome(String path) {
    assertThat(Destination.of(path)).isEqualTo("/");
  }

  @Test
  void of_tooLongOrMissing_isHome() {
    assertThat(Destination.of("/" + "x".repeat(512))).isEqualTo("/");
    assertThat(Destination.of(null)).isEqualTo("/");
  }
}
