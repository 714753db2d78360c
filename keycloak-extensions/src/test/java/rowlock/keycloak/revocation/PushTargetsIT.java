/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Targets that the operator has not listed. The servers of tests list the loopback addresses. */
class PushTargetsIT extends ReceiverOfItsOwn {
  private static final String URL = "rowlock.events.push.url";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://10.0.0.1/events",
        "https://169.254.169.254/latest/meta-data",
        "https://192.168.1.1/",
        "https://127.0.0.2/",
        "https://0.0.0.0/",
        "https://[fe80::1]/",
        "https://[fd00::1]/",
        "https://[::ffff:10.1.2.3]/",
        "https://[64:ff9b::10.1.2.3]/",
        "https://8.8.8.8/"
      })
  void unlistedAddress_isRefusedWithTheOption(String url) {
    assertThatThrownBy(() -> realm.attributes("second-api", Map.of(URL, url)))
        .hasMessageContaining("400")
        .hasMessageContaining(URL + " is not allowed")
        .hasMessageContaining("spi-events-listener--rowlock-revocation--push-targets");

    var saved = realm.admin().get(realm.path("/clients?clientId=second-api")).path(0);
    assertThat(saved.path("attributes").path(URL).asString("")).isNotEqualTo(url);
  }

  @Test
  void nameOfAnUnlistedAddress_isBlockedAtTheConnection() throws IOException {
    var host = InetAddress.getLocalHost();
    assumeThat(host.getHostAddress()).isNotEqualTo("127.0.0.1");
    try (var server = new ServerSocket(0)) {
      realm.attributes(
          "second-api",
          Map.of(
              URL,
              "http://" + host.getHostName() + ":" + server.getLocalPort() + "/events",
              "rowlock.events.push.allow-http",
              "true"));
      var person = realm.person();
      var login = realm.login("app", person);

      assertThat(realm.logout("app", login)).isLessThan(Duration.ofSeconds(10));

      assertThat(receiver.about(person.id())).as("the other receiver").hasSize(1);
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () ->
                  assertThat(
                          realm.metric(
                              "rowlock_events_total", "blocked", "client_id=\"second-api\""))
                      .isPositive());
      server.setSoTimeout(1);
      assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);
    } finally {
      realm.attributes("second-api", Map.of(URL, "", "rowlock.events.push.allow-http", "false"));
    }
  }
}
