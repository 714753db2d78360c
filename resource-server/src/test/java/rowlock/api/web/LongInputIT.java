/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import rowlock.api.ApiServer;

/**
 * Long values in each part of a request are cheap, and never cause an internal error. More kinds
 * with {@code -Pthorough}.
 */
@ExtendWith(OutputCaptureExtension.class)
class LongInputIT extends ApiServer {
  private static final boolean THOROUGH = Integer.getInteger("rowlock.fuzz.factor", 1) > 1;

  private static final List<String> PARTS =
      THOROUGH
          ? List.of(
              "a", ",", ";", "\"", " ", "%41", "/a", "=", ".", "(", "1", "*", "a,", "\"v1\",",
              "a/a,")
          : List.of("a", ";", "%41", "\"v1\",", "a/a,");

  /** Below the limit of a header, around it, and far above. */
  private static final List<Integer> LENGTHS =
      THOROUGH ? List.of(1_000, 6_000, 100_000) : List.of(6_000, 100_000);

  private static final long SLOW_NANOS = 3_000_000_000L;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Accept",
        "Accept-Language",
        "Accept-Encoding",
        "Authorization",
        "Content-Type",
        "Cookie",
        "DPoP",
        "Forwarded",
        "If-Match",
        "If-None-Match",
        "If-Modified-Since",
        "Idempotency-Key",
        "Origin",
        "Prefer",
        "Range",
        "X-Forwarded-For"
      })
  void aLongHeaderIsNoInternalError(String name, CapturedOutput output) {
    for (var value : values()) {
      judge(name, "GET /api/me/items HTTP/1.1\r\n" + headers(name, value));
      judge(
          name,
          "PUT /api/me/items/00000000-0000-0000-0000-000000000001 HTTP/1.1\r\n"
              + "Content-Length: 13\r\n"
              + (name.equals("Content-Type") ? "" : "Content-Type: application/json\r\n")
              + headers(name, value)
              + "{\"title\":\"x\"}");
    }
    assertThat(output).doesNotContain("\tat ");
  }

  @Test
  void aLongTargetIsNoInternalError(CapturedOutput output) {
    for (var part : List.of("a", "/a", "%41", "a=b&", "=", "&", ";", ".", "+", "limit=1&")) {
      for (var length : LENGTHS) {
        var value = part.repeat(length / part.length());
        for (var start :
            List.of(
                "/", "/api/me/items/", "/api/me/items?", "/problems/", "/api/me/items?cursor=")) {
          judge(start, "GET " + start + value + " HTTP/1.1\r\n" + headers("X", "y"));
        }
      }
    }
    assertThat(output).doesNotContain("\tat ");
  }

  @Test
  void aLongBodyIsNoInternalError(CapturedOutput output) {
    for (var part : List.of("a", "[", "{\"a\":", "\\u0041", "\"", "1", " ", "\u00e4")) {
      for (var length : List.of(1_000, 15_000, 1_000_000)) {
        var value = part.repeat(length / part.length());
        for (var body : List.of("{\"title\":\"" + value + "\"}", value, "{\"title\":" + value)) {
          judge(
              part,
              "POST /api/me/items HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: "
                  + body.length()
                  + "\r\n"
                  + headers("X", "y")
                  + body);
        }
        var form = "logout_token=" + value;
        judge(
            part,
            "POST /backchannel-logout HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                + "Content-Length: "
                + form.length()
                + "\r\n"
                + headers("X", "y")
                + form);
      }
    }
    assertThat(output).doesNotContain("\tat ");
  }

  private static List<String> values() {
    List<String> values = new ArrayList<>();
    for (var part : PARTS) {
      for (var length : LENGTHS) {
        values.add(part.repeat(length / part.length()) + "x");
        values.add("\"v1\"," + part.repeat(length / part.length()) + "x");
      }
    }
    return values;
  }

  private String headers(String name, String value) {
    return "Host: localhost\r\nConnection: close\r\n"
        + (name.equals("Authorization") ? "" : "Authorization: Bearer " + token() + "\r\n")
        + name
        + ": "
        + (name.equals("Authorization") ? "Bearer " : "")
        + value
        + "\r\n\r\n";
  }

  private void judge(String what, String request) {
    var start = System.nanoTime();
    var answer = raw(request);
    var shown = what + ": " + request.substring(0, Math.min(request.length(), 300));
    assertThat(System.nanoTime() - start).as(shown).isLessThan(SLOW_NANOS);
    // An empty answer: the server has hung up on a request that it had already refused.
    assertThat(answer).as(shown).doesNotStartWith("HTTP/1.1 5");
  }
}
