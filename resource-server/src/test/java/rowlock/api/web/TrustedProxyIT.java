/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.RSAKey;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.context.TestPropertySource;
import rowlock.api.ApiServer;
import rowlock.api.test.TestIssuer;
import rowlock.field.FieldReport;
import tools.jackson.databind.json.JsonMapper;

/**
 * Behind a trusted proxy, the address of a client is the forwarded one, and nothing else is
 * trusted.
 */
@ExtendWith(OutputCaptureExtension.class)
@TestPropertySource(
    properties = {
      "rowlock.trusted.proxies=127.0.0.1,::1,10.9.0.0/16",
      "rowlock.failed.authentications.per.minute=20"
    })
class TrustedProxyIT extends ApiServer {
  private static final int BUDGET = 20;
  private static final RSAKey STRANGER = TestIssuer.newKey("stranger");

  @Test
  void theRealClientIsLogged(CapturedOutput output) {
    assertThat(send(from("203.0.113.5", forged())).statusCode()).isEqualTo(401);
    assertThat(clients(output)).containsExactly("203.0.113.5");
  }

  @Test
  void theRealClientIsBudgeted() {
    for (var i = 0; i < BUDGET; i++) {
      assertThat(send(from("198.51.100.1", forged())).statusCode()).isEqualTo(401);
    }
    assertThat(send(from("198.51.100.1", token())).statusCode()).isEqualTo(429);
    assertThat(send(from("198.51.100.2", token())).statusCode()).isEqualTo(200);
    assertThat(send(request("/probe/me", token())).statusCode()).isEqualTo(200);
  }

  @FieldReport("https://github.com/everruns/everruns/issues/2643")
  @Test
  void inventedHops_doNotChangeTheBudget(CapturedOutput output) {
    for (var i = 0; i < BUDGET; i++) {
      send(from("192.0.2." + i + ", 198.51.100.3", forged()));
    }
    assertThat(send(from("192.0.2.99, 198.51.100.3", token())).statusCode()).isEqualTo(429);
    assertThat(clients(output)).containsOnly("198.51.100.3");
  }

  @Test
  void severalHops_nearestUntrustedIsTheClient(CapturedOutput output) {
    send(from("203.0.113.9, 10.9.0.1", forged()));
    send(from("203.0.113.9, 10.8.0.1", forged()));
    assertThat(clients(output)).containsExactly("203.0.113.9", "10.8.0.1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unknown",
        "a.name.that.must.not.be.resolved.example",
        "\"}{\"event\":\"forged\"",
        "203.0.113.5, <script>",
        "::::",
        "\u00e9\u00ff",
        "1.2.3.4.5.6.7.8,,,,,",
        ","
      })
  void invalidForwardedAddress_isTheProxys(String garbage, CapturedOutput output) {
    var answer =
        raw(
            "GET /probe/me HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
                + forged()
                + "\r\nX-Forwarded-For: "
                + garbage
                + "\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 401");
    assertThat(clients(output)).hasSize(1).allMatch(this::isLoopback);
    assertThat(output).doesNotContain("forged").doesNotContain("script").doesNotContain("name.");
  }

  @Test
  void aControlCharacterFromAProxyIsABadRequest() {
    var answer =
        raw(
            "GET /probe/me HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "X-Forwarded-For: 1\u0001\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 400").contains("/problems/bad-request");
  }

  @Test
  void otherForwardedHeaders_areIgnored() {
    var metadata =
        request("/.well-known/oauth-protected-resource")
            .header("X-Forwarded-For", "203.0.113.5")
            .header("X-Forwarded-Host", "evil.example")
            .header("X-Forwarded-Proto", "https")
            .header("X-Forwarded-Port", "4433")
            .header("X-Forwarded-Prefix", "/evil")
            .header("Forwarded", "for=203.0.113.5;host=evil.example;proto=https");
    var answer = send(metadata);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .contains("\"resource\":\"" + PUBLIC_URL + "\"")
        .doesNotContain("evil");

    var page =
        send(
            request("/swagger-ui.html")
                .header("X-Forwarded-Host", "evil.example")
                .header("X-Forwarded-Prefix", "/evil"));
    assertThat(page.headers().map().toString()).doesNotContain("evil");
  }

  private HttpRequest.Builder from(String forwarded, String token) {
    return request("/probe/me", token).header("X-Forwarded-For", forwarded);
  }

  private String forged() {
    return ISSUER.token(STRANGER, UUID.randomUUID());
  }

  private boolean isLoopback(String client) {
    return client.equals("127.0.0.1") || client.equals("0:0:0:0:0:0:0:1");
  }

  private static List<String> clients(CapturedOutput output) {
    return output
        .getOut()
        .lines()
        .filter(line -> line.startsWith("{\"time\""))
        .map(line -> JsonMapper.builder().build().readTree(line).get("client").asString())
        .toList();
  }
}
