/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.browser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WindowIT {
  private static final String GOOD =
      "<!doctype html><html lang=en><link rel=icon href=data:,><title>Good</title><main><h1>Good</h1></main>";

  private HttpServer server;
  private volatile String content = GOOD;
  private volatile String policy = "default-src 'none'; img-src data:";
  private volatile int status = 200;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/",
        exchange -> {
          var bytes = content.getBytes(UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "text/html; charset=utf-8");
          exchange.getResponseHeaders().add("Content-Security-Policy", policy);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void look_accessiblePage_hasNoProblemsAndSavesAnImage() {
    try (var window = Chromium.open()) {
      window.stayAt(address());
      window.page().navigate(address());
      window.look("good");

      assertThat(window.problems()).isEmpty();
    }
    assertThat(Path.of("target", "album", "good.png")).isNotEmptyFile();
  }

  @Test
  void problems_policyViolation_isRecorded() {
    content = GOOD + "<script>document.title = 'Bad'</script>";

    try (var window = Chromium.open()) {
      window.page().navigate(address());

      assertThat(window.problems()).anyMatch(problem -> problem.contains("violates script-src"));
    }
  }

  @Test
  void problems_scriptErrors_areRecorded() {
    policy = "script-src 'unsafe-inline'";
    content = GOOD + "<script>console.error('logged'); throw new Error('thrown')</script>";

    try (var window = Chromium.open()) {
      window.page().navigate(address());

      assertThat(window.problems())
          .anyMatch(problem -> problem.contains("logged"))
          .anyMatch(problem -> problem.contains("thrown"));
    }
  }

  @Test
  void problems_errorStatusOfAPage_isIgnored_butNotOfAnImage() {
    status = 429;
    try (var window = Chromium.open()) {
      window.page().navigate(address());
      assertThat(window.problems()).isEmpty();
    }

    policy = "img-src 'self' data:";
    content = GOOD + "<img src=missing alt=Missing>";
    try (var window = Chromium.open()) {
      window.page().navigate(address());
      assertThat(window.problems()).singleElement().asString().contains("429", "missing");
    }
  }

  @Test
  void problems_requestToAnotherOrigin_isRecorded() {
    policy = "img-src http://127.0.0.1:* data:";
    content = GOOD + "<img src=http://127.0.0.1:9/pixel alt=Pixel>";

    try (var window = Chromium.open()) {
      window.stayAt(address());
      window.page().navigate(address());

      assertThat(window.problems()).contains("request to another origin: http://127.0.0.1:9/pixel");
    }
  }

  @Test
  void look_inaccessibleOrTooWidePage_isRecorded() {
    content = GOOD + "<img src='data:,'><pre>" + "wide ".repeat(500) + "</pre>";
    policy = "img-src data:";

    try (var window = Chromium.open()) {
      window.page().navigate(address());
      window.look("bad");

      assertThat(window.problems())
          .anyMatch(problem -> problem.contains("image-alt"))
          .contains("bad: wider than the window");
    }
  }

  private String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }
}
