/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetUriTest {
  private final TargetUri target = new TargetUri(URI.create("https://api.example.org"));

  @ParameterizedTest
  @CsvSource({
    "https://api.example.org/api/me/items, /api/me/items",
    "HTTPS://Api.Example.ORG/api/me/items, /api/me/items",
    "https://api.example.org:443/api/me/items, /api/me/items",
    "https://api.example.org:/api/me/items, /api/me/items",
    "https://api.example.org/api/me/items?limit=1, /api/me/items",
    "https://api.example.org/api/me/items#top, /api/me/items",
    "https://api.example.org/api/%6de/it%65ms, /api/me/items",
    "https://api.example.org/api/me/items, /api/m%65/items",
    "https://api.example.org/a%c3%a4%2f, /a%C3%A4%2F",
    "https://api.example.org/api/./me/x/../items, /api/me/items",
    "https://api.example.org/api/x/%2e%2e/me, /api/me",
    "https://api.example.org/../api/me/, /api/me/",
    "https://api.example.org/api/me/x/.., /api/me/",
    "https://api.example.org, /",
    "https://api.example.org/, /"
  })
  void row22_equivalentSpellings_areEqual(String htu, String path) {
    assertThat(target.isNamedBy(htu, path)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "http://api.example.org/api/me/items, /api/me/items",
    "https://api.example.org:8443/api/me/items, /api/me/items",
    "https://api.example.org:80/api/me/items, /api/me/items",
    "https://evil.example/api/me/items, /api/me/items",
    "https://api.example.org.evil.example/api/me/items, /api/me/items",
    "https://api.example.org@evil.example/api/me/items, /api/me/items",
    "https://me@api.example.org/api/me/items, /api/me/items",
    "https://api.example.org/api/me/items/, /api/me/items",
    "https://api.example.org/API/me/items, /api/me/items",
    "https://api.example.org/api//me/items, /api/me/items",
    "https://api.example.org/api%2Fme/items, /api/me/items",
    "https://api.example.org/api/me, /api/me/items",
    "https://api.example.org/%zz, /",
    "/api/me/items, /api/me/items",
    "//api.example.org/api/me/items, /api/me/items",
    "ftp://api.example.org/api/me/items, /api/me/items",
    "items, /",
    "https:, /",
    "https://[::1, /"
  })
  void row22_differentTarget_isNotEqual(String htu, String path) {
    assertThat(target.isNamedBy(htu, path)).isFalse();
  }

  @Test
  void row22_thePublicUrlMayHaveAPortAPathAndCapitals() {
    var below = new TargetUri(URI.create("http://LOCALHOST:80/rowlock"));
    assertThat(below.isNamedBy("http://localhost/rowlock/api/me/items", "/api/me/items")).isTrue();
    assertThat(below.isNamedBy("http://localhost/api/me/items", "/api/me/items")).isFalse();
    var local = new TargetUri(URI.create("http://localhost:8081"));
    assertThat(local.isNamedBy("http://localhost:8081/api/me/items", "/api/me/items")).isTrue();
    assertThat(local.isNamedBy("http://localhost/api/me/items", "/api/me/items")).isFalse();
  }
}
