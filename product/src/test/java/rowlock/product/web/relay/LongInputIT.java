/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.web.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import rowlock.product.web.Visitor;

/** Long values in each part of a request are processed fast and cause no internal error. */
@ExtendWith(OutputCaptureExtension.class)
class LongInputIT extends RelayTestBase {
  private static final List<String> PARTS =
      List.of("a", ",", ";", "\"", " ", "%41", "/a", "=", ".", "1", "*", "a=b; ", "a/a,", ":");

  /** Below, near and far above the limit of a header. */
  private static final List<Integer> LENGTHS = List.of(1_000, 12_000, 200_000);

  private static final long SLOW_NANOS = 3_000_000_000L;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Accept",
        "Accept-Encoding",
        "Accept-Language",
        "Authorization",
        "Content-Type",
        "Cookie",
        "Forwarded",
        "If-Match",
        "If-None-Match",
        "If-Modified-Since",
        "Origin",
        "Prefer",
        "Range",
        "Sec-Fetch-Site",
        "X-CSRF-Token",
        "X-Forwarded-For"
      })
  void longHeader_isNoInternalError(String name, CapturedOutput output) {
    for (var part : PARTS) {
      for (var length : LENGTHS) {
        var value = part.repeat(length / part.length()) + "x";
        for (var path : List.of("/", "/session", "/api/me/tasks", "/login?to=/a")) {
          judge("GET " + path + " HTTP/1.1\r\n" + headers(name, value));
        }
        judge("POST /logout HTTP/1.1\r\nContent-Length: 0\r\n" + headers(name, value));
      }
    }
    assertThat(output).doesNotContain("\tat ");
  }

  @Test
  void longTarget_isNoInternalError(CapturedOutput output) {
    for (var part : List.of("a", "/a", "%41", "a=b&", "=", "&", ";", ".", "+", "/..", "%")) {
      for (var length : List.of(1_000, 1_640, 4_000, 12_000, 200_000)) {
        var value = part.repeat(length / part.length());
        for (var start :
            List.of(
                "/",
                "/api/",
                "/api/me/tasks?",
                "/account/sessions/",
                "/assets/",
                "/problems/",
                "/login?to=/",
                "/login?lang=",
                "/login?action=",
                "/login/oauth2/code/rowlock?code=",
                "/login/oauth2/code/rowlock?code=x&state=",
                "/login/oauth2/code/rowlock?error=")) {
          judge("GET " + start + value + " HTTP/1.1\r\n" + headers("X", "y"));
        }
      }
    }
    assertThat(output).doesNotContain("\tat ");
  }

  @Test
  void longForm_isNoInternalError(CapturedOutput output) {
    for (var part : List.of("a", ".", "&", "=", "%41", "%", "a.a.a", "eyJ", "[", "{")) {
      for (var length : List.of(1_000, 15_000, 1_000_000)) {
        var form = "logout_token=" + part.repeat(length / part.length());
        judge(
            "POST /logout/connect/back-channel/rowlock HTTP/1.1\r\n"
                + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
                + form.length()
                + "\r\n"
                + headers("X", "y")
                + form);
      }
    }
    assertThat(output).doesNotContain("\tat ");
  }

  @Test
  void malformedParameters_areNoInternalError(CapturedOutput output) {
    for (var target :
        List.of(
            "/login?to=%zz",
            "/login?a=%00",
            "/login/oauth2/code/rowlock?state=%zz",
            "/login/oauth2/code/rowlock?code=a%00b&state=%00%00%00%00%00%00%00%00%00%00%00")) {
      var answer = raw("GET " + target + " HTTP/1.1\r\n" + headers("X", "y"));
      assertThat(answer).as(target).doesNotStartWith("HTTP/1.1 5");
    }
    assertThat(output).doesNotContain("\tat ");
  }

  private static String headers(String name, String value) {
    return "Host: localhost\r\nConnection: close\r\n"
        + (name.equals("Cookie")
            ? ""
            : "Cookie: " + Visitor.COOKIE + "=" + visitor.cookie() + "\r\n")
        + name
        + ": "
        + value
        + "\r\n\r\n";
  }

  private static void judge(String request) {
    var start = System.nanoTime();
    var answer = raw(request);
    var shown = request.substring(0, Math.min(request.length(), 300)) + " -> " + answer;
    assertThat(System.nanoTime() - start).as(shown).isLessThan(SLOW_NANOS);
    // the answer is empty if the server closed the connection after it rejected the request
    assertThat(answer).as(shown).doesNotStartWith("HTTP/1.1 5");
  }

  private static String raw(String request) {
    try (var socket = new Socket("localhost", node.getPort())) {
      socket.setSoTimeout(10_000);
      var answer = new ByteArrayOutputStream();
      try {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        socket.getInputStream().transferTo(answer);
      } catch (SocketException e) {
        // the server closed the connection before it read all; the response may have arrived
      }
      return answer.toString(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
