/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetUriTest {

  private final TargetUri target = new TargetUri(URI.create("https://tasks.example.org"));

  @ParameterizedTest
  @CsvSource({
    "https://tasks.example.org/api/me/tasks, /api/me/tasks",
    "HTTPS://Tasks.Example.ORG/api/me/tasks, /api/me/tasks",
    "https://tasks.example.org:443/api/me/tasks, /api/me/tasks",
    "https://tasks.example.org:/api/me/tasks, /api/me/tasks",
    "https://tasks.example.org/api/me/tasks?limit=1, /api/me/tasks",
    "https://tasks.example.org/api/me/tasks#top, /api/me/tasks",
    "https://tasks.example.org/api/%6de/t%61sks, /api/me/tasks",
    "https://tasks.example.org/api/me/tasks, /api/m%65/tasks",
    "https://tasks.example.org/a%c3%a4%2f, /a%C3%A4%2F",
    "https://tasks.example.org/api/./me/x/../tasks, /api/me/tasks",
    "https://tasks.example.org/api/x/%2e%2e/me, /api/me",
    "https://tasks.example.org/../api/me/, /api/me/",
    "https://tasks.example.org/api/me/x/.., /api/me/",
    "https://tasks.example.org, /",
    "https://tasks.example.org/, /"
  })
  void row22_theSameTargetWrittenInAnotherWayIsTheSame(String htu, String path) {
    assertThat(target.isNamedBy(htu, path)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "http://tasks.example.org/api/me/tasks, /api/me/tasks",
    "https://tasks.example.org:8443/api/me/tasks, /api/me/tasks",
    "https://tasks.example.org:80/api/me/tasks, /api/me/tasks",
    "https://evil.example/api/me/tasks, /api/me/tasks",
    "https://tasks.example.org.evil.example/api/me/tasks, /api/me/tasks",
    "https://tasks.example.org@evil.example/api/me/tasks, /api/me/tasks",
    "https://me@tasks.example.org/api/me/tasks, /api/me/tasks",
    "https://tasks.example.org/api/me/tasks/, /api/me/tasks",
    "https://tasks.example.org/API/me/tasks, /api/me/tasks",
    "https://tasks.example.org/api//me/tasks, /api/me/tasks",
    "https://tasks.example.org/api%2Fme/tasks, /api/me/tasks",
    "https://tasks.example.org/api/me, /api/me/tasks",
    "https://tasks.example.org/%zz, /",
    "/api/me/tasks, /api/me/tasks",
    "//tasks.example.org/api/me/tasks, /api/me/tasks",
    "ftp://tasks.example.org/api/me/tasks, /api/me/tasks",
    "tasks, /",
    "https:, /",
    "https://[::1, /"
  })
  void row22_anotherTargetIsAnother(String htu, String path) {
    assertThat(target.isNamedBy(htu, path)).isFalse();
  }

  @Test
  void row22_thePublicUrlMayHaveAPortAPathAndCapitals() {
    TargetUri below = new TargetUri(URI.create("http://LOCALHOST:80/rowlock"));
    assertThat(below.isNamedBy("http://localhost/rowlock/api/me/tasks", "/api/me/tasks")).isTrue();
    assertThat(below.isNamedBy("http://localhost/api/me/tasks", "/api/me/tasks")).isFalse();
    TargetUri local = new TargetUri(URI.create("http://localhost:8081"));
    assertThat(local.isNamedBy("http://localhost:8081/api/me/tasks", "/api/me/tasks")).isTrue();
    assertThat(local.isNamedBy("http://localhost/api/me/tasks", "/api/me/tasks")).isFalse();
  }
}
