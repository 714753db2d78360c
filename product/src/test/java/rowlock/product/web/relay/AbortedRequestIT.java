/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.web.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import rowlock.product.web.TestWeb;
import rowlock.product.web.Visitor;

/** Requests whose browser disconnects before the response is complete. */
@ExtendWith(OutputCaptureExtension.class)
class AbortedRequestIT {
  private final TestWeb web = TestWeb.shared();

  @Test
  void browserDisconnects_isNotLoggedAsApiFailure(CapturedOutput output) throws Exception {
    try (var api = new RecordingApi()) {
      var gone = new CountDownLatch(1);
      var sent = new CountDownLatch(1);
      api.respondWith(
          exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(new byte[1024]);
            exchange.getResponseBody().flush();
            gone.await(20, TimeUnit.SECONDS);
            for (var i = 0; i < 200; i++) {
              exchange.getResponseBody().write(new byte[64 * 1024]);
            }
            sent.countDown();
          });
      var node = web.startNode("--rowlock.api.url=" + api.address());
      var visitor = web.visitor().registered();
      try (var browser = new Socket("localhost", node.getPort())) {
        browser.setSoLinger(true, 0); // closed with a reset, as by a tab that is closed
        browser.getOutputStream().write(request(visitor));
        if (browser.getInputStream().read() < 0) {
          throw new IOException("no answer");
        }
      }
      gone.countDown();
      assertThat(sent.await(20, TimeUnit.SECONDS)).isTrue();

      await()
          .during(Duration.ofMillis(500))
          .atMost(Duration.ofSeconds(5))
          .untilAsserted(
              () -> assertThat(output).doesNotContain("Request to the API failed", "ERROR"));
    }
  }

  private static byte[] request(Visitor visitor) {
    return ("GET /api/me/tasks HTTP/1.1\r\nHost: localhost\r\nCookie: "
            + Visitor.COOKIE
            + "="
            + visitor.cookie()
            + "\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }
}
