/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import rowlock.api.ApiServer;
import rowlock.field.FieldReport;
import rowlock.problem.HttpProblem;
import rowlock.problem.Problem;

/**
 * Requests that no client library sends: Spring does not receive them, and they get a problem too.
 */
@ExtendWith(OutputCaptureExtension.class)
class RawHttpIT extends ApiServer {
  private static final String HOST = "Host: localhost\r\n";
  private static final String CLOSE = HOST + "Connection: close\r\n";

  static Stream<Arguments> oddities() {
    return Stream.of(
        oddity("one long header", get("X: " + "x".repeat(17_000)), HttpProblem.HEADERS_TOO_LARGE),
        oddity(
            "many headers", get("A: b\r\n".repeat(2000) + "X: y"), HttpProblem.HEADERS_TOO_LARGE),
        oddity(
            "a huge token",
            get("Authorization: Bearer " + "x".repeat(20_000)),
            HttpProblem.HEADERS_TOO_LARGE),
        oddity(
            "a huge target",
            "GET /" + "x".repeat(20_000) + " HTTP/1.1\r\n" + CLOSE + "\r\n",
            HttpProblem.URI_TOO_LONG),
        oddity("no HTTP at all", "hello\r\n\r\n", HttpProblem.BAD_REQUEST),
        oddity(
            "a blank in the target",
            "GET /a b HTTP/1.1\r\n" + CLOSE + "\r\n",
            HttpProblem.BAD_REQUEST),
        oddity(
            "a bracket in the target",
            "GET /a[b HTTP/1.1\r\n" + CLOSE + "\r\n",
            HttpProblem.BAD_REQUEST),
        oddity("no Host", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", HttpProblem.BAD_REQUEST),
        oddity("two Hosts", get(HOST.strip()), HttpProblem.BAD_REQUEST),
        oddity("a bad header name", get("X Y: z"), HttpProblem.BAD_REQUEST),
        oddity(
            "two lengths", get("Content-Length: 1\r\nContent-Length: 2"), HttpProblem.BAD_REQUEST),
        oddity("a length that is none", get("Content-Length: x"), HttpProblem.BAD_REQUEST),
        oddity(
            "an escaped slash",
            "GET /a%2fb HTTP/1.1\r\n" + CLOSE + "\r\n",
            HttpProblem.BAD_REQUEST),
        oddity("a NUL", "GET /a%00b HTTP/1.1\r\n" + CLOSE + "\r\n", HttpProblem.BAD_REQUEST),
        oddity("dots", "GET /../x HTTP/1.1\r\n" + CLOSE + "\r\n", HttpProblem.BAD_REQUEST),
        oddity(
            "a path parameter",
            "GET /api;x=1/me/items HTTP/1.1\r\n" + CLOSE + "\r\n",
            HttpProblem.BAD_REQUEST),
        oddity(
            "HTTP/3.0",
            "GET / HTTP/3.0\r\n" + CLOSE + "\r\n",
            HttpProblem.HTTP_VERSION_NOT_SUPPORTED),
        oddity("TRACE", "TRACE / HTTP/1.1\r\n" + CLOSE + "\r\n", HttpProblem.METHOD_NOT_ALLOWED),
        oddity(
            "CONNECT",
            "CONNECT example.org:443 HTTP/1.1\r\n" + CLOSE + "\r\n",
            HttpProblem.NOT_IMPLEMENTED),
        oddity("an unknown coding", get("Transfer-Encoding: unheard"), HttpProblem.NOT_IMPLEMENTED),
        oddity("an odd expectation", get("Expect: a-miracle"), ApiProblem.EXPECTATION_FAILED));
  }

  private static Arguments oddity(String name, String request, Problem type) {
    return Arguments.of(Named.of(name, request), type);
  }

  private static String get(String headers) {
    return "GET /probe/me HTTP/1.1\r\n" + CLOSE + headers + "\r\n\r\n";
  }

  @FieldReport("https://github.com/cloudfoundry/uaa/issues/356")
  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("oddities")
  void isAnsweredWithAProblem(String request, Problem type) {
    var answer = raw(request);
    assertThat(answer).startsWith("HTTP/1.1 " + type.status() + " ");
    assertThat(answer)
        .contains("Content-Type: application/problem+json")
        .contains("Cache-Control: private, no-store")
        .contains("\"type\":\"" + PUBLIC_URL + "/problems/" + type.code() + "\"")
        .doesNotContain("<html")
        .doesNotContainIgnoringCase("tomcat")
        .doesNotContain("Set-Cookie")
        .doesNotContain("Server:");
  }

  @Test
  void whatTheServerCannotParseIsNotRepeatedInTheLog(CapturedOutput output) {
    raw(get("Authorization Bearer: secret-material"));
    raw(get("X\u0001: secret-material"));
    raw("GET /probe?[secret-material HTTP/1.1\r\n" + CLOSE + "\r\n");
    assertThat(output.toString()).doesNotContain("secret-material");
    // Tomcat says it once a day only, so this run alone would prove little.
    assertThat(LoggerFactory.getLogger("org.apache.coyote.http11.Http11Processor").isInfoEnabled())
        .isFalse();
  }

  @Test
  void noLogRepeatsThePathOrTheCookiesOfARequest(CapturedOutput output) {
    send(request("/api/me/PLAINTEXT-marker-1", token()));
    send(request("/problems/PLAINTEXT-marker-2").header("Cookie", "b=[PLAINTEXT-marker-3 x"));
    assertThat(output.toString()).doesNotContain("PLAINTEXT-marker");
    for (var name :
        List.of(
            "org.springframework.web.servlet.PageNotFound",
            "org.apache.tomcat.util.http.parser.Cookie",
            "org.apache.coyote.http11.Http11Processor")) {
      assertThat(LoggerFactory.getLogger(name).isInfoEnabled()).as(name).isFalse();
    }
  }

  @Test
  void aQueryThatIsNotPercentEncodedIs400() {
    var answer =
        raw(
            "GET /probe/me/number?value=%zz HTTP/1.1\r\n"
                + CLOSE
                + "Authorization: Bearer "
                + token()
                + "\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 400").contains("/problems/bad-request");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /problems HTTP/1.1\r\nAccept: \u009bforged",
        "GET /probe/me/number?a%0a%7bforged=1 HTTP/1.1\r\nX: y",
        "GET /probe/me/number?value=1 HTTP/1.1\r\nAccept: \u0085forged",
        "GET /probe/me HTTP/1.1\r\nX-Authorization: \u0085forged\r\nAccept: \u0085forged"
      })
  void aControlCharacterIs400AndNoLineOfTheLog(String start, CapturedOutput output) {
    assertThat(raw(start + "\r\n" + CLOSE + "Authorization: Bearer " + token() + "\r\n\r\n"))
        .startsWith("HTTP/1.1 400")
        .contains("/problems/bad-request");
    assertThat(output.toString()).doesNotContain("forged");
  }

  @Test
  void missingBody_is408() {
    var answer =
        raw(
            "POST /probe/me/items HTTP/1.1\r\n"
                + HOST
                + "Content-Type: application/json\r\nContent-Length: 100\r\nAuthorization: Bearer "
                + token()
                + "\r\n\r\n{");
    assertThat(answer).startsWith("HTTP/1.1 408").contains("/problems/request-timeout");
  }

  @Test
  void incompleteBodiesKeepNoOtherRequestWaiting() throws Exception {
    List<Socket> connections = new ArrayList<>();
    var token = token();
    try {
      for (var i = 0; i < 200; i++) {
        var connection = new Socket("localhost", port());
        connections.add(connection);
        connection
            .getOutputStream()
            .write(
                ("POST /probe/me/items HTTP/1.1\r\n"
                        + HOST
                        + "Content-Type: application/json\r\nContent-Length: 100\r\nAuthorization: Bearer "
                        + token
                        + "\r\n\r\n{")
                    .getBytes(StandardCharsets.US_ASCII));
      }
      var start = System.nanoTime();

      assertThat(send(request("/probe/me", token())).statusCode()).isEqualTo(200);

      // well below the five seconds after which the bodies are given up
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    } finally {
      for (var connection : connections) {
        connection.close();
      }
    }
  }

  @Test
  void endlessHeader_closesTheConnection() {
    assertThat(raw("GET /probe/me HTTP/1.1\r\nHost: local")).doesNotContain("HTTP/1.1 200");
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/14422")
  @Test
  void aForgedHostChangesNothing() {
    assertThat(raw("GET /probe/me HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 401")
        .doesNotContain("evil.example");
  }

  @Test
  void aConnectionServesMoreThanAHundredRequests() {
    var request = "GET /problems HTTP/1.1\r\n" + HOST + "\r\n";
    var answer = raw(request.repeat(150) + "GET /problems HTTP/1.1\r\n" + CLOSE + "\r\n");
    assertThat(answer.split("HTTP/1.1 200", -1)).hasSize(152);
  }
}
