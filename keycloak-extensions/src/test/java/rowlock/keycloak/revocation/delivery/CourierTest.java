/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import rowlock.keycloak.revocation.delivery.Courier.Outcome;
import rowlock.keycloak.revocation.delivery.Courier.Result;
import rowlock.keycloak.revocation.delivery.Courier.Sending;
import rowlock.keycloak.revocation.delivery.stock.Outbox;

class CourierTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final Courier courier = new Courier(new HttpPush(), 1, "test");

  @AfterEach
  void stop() {
    courier.stop();
  }

  @Test
  void whoWasNotTriedBecauseAnotherHeldTheThreadsIsNotToBlame() throws IOException {
    try (var silent = silent()) {
      var all = List.of(to("hangs", silent), to("healthy", silent));

      var results = courier.send(all, Duration.ofMillis(500), anyone -> LONG);

      assertThat(results)
          .extracting(Result::outcome)
          .containsExactly(Outcome.UNREACHABLE, Outcome.NOT_TRIED);
    }
  }

  @Test
  void aPushTakesNoLongerThanItsOwnTimeAndTheRestIsNotTried() throws IOException {
    try (var silent = silent()) {
      var all = List.of(to("hangs", silent), to("hangs", silent));

      var results = courier.send(all, LONG, anyone -> Duration.ofMillis(100));

      assertThat(results)
          .extracting(Result::outcome)
          .containsExactly(Outcome.UNREACHABLE, Outcome.NOT_TRIED);
    }
  }

  /** Takes connections and never answers. */
  private static ServerSocket silent() throws IOException {
    return new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  }

  private static Sending to(String receiver, ServerSocket server) {
    var url = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/events");
    return new Sending(
        new Outbox.Message("id", "realm", receiver, "jti", "type", "{}", 0, Instant.now()),
        new Receiver(receiver, receiver, Optional.of(url), LONG),
        "token");
  }
}
