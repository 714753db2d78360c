/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.TestPropertySource;
import rowlock.api.ApiServer;
import rowlock.field.FieldReport;

/** CORS responses with one configured origin. */
@TestPropertySource(properties = "rowlock.cors.origins=https://app.example.org")
class CrossOriginIT extends ApiServer {
  private static final String NAMED = "https://app.example.org";

  @Test
  void allowedOrigin_mayReadAndChangeWithAToken() {
    var preflight = preflight(NAMED, "PUT", "authorization,if-match,dpop");
    assertThat(preflight.statusCode()).isEqualTo(200);
    assertThat(allowedOrigin(preflight)).containsExactly(NAMED);
    assertThat(header(preflight, "Access-Control-Allow-Methods")).contains("PUT");
    assertThat(header(preflight, "Access-Control-Max-Age")).isEqualTo("600");
  }

  @Test
  void allowedOrigin_readsResponseAndHeaders() {
    var answer = send(request("/probe/me", token()).header("Origin", NAMED));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(allowedOrigin(answer)).containsExactly(NAMED);
    assertThat(header(answer, "Access-Control-Expose-Headers"))
        .contains("ETag", "Link", "Retry-After");
  }

  @FieldReport("https://github.com/spring-projects/spring-boot/issues/5834")
  @Test
  void allowedOrigin_readsRefusals() {
    var refused = send(request("/probe/me", "no.token").header("Origin", NAMED));
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(allowedOrigin(refused)).containsExactly(NAMED);
    assertThat(header(refused, "Access-Control-Expose-Headers")).contains("WWW-Authenticate");
  }

  @FieldReport("https://github.com/quarkusio/quarkus/issues/3685")
  @ParameterizedTest
  @CsvSource({"413", "414", "415", "431", "400"})
  void allowedOrigin_readsRefusalsFromBeforeSecurityFilters(int status) {
    String request =
        switch (status) {
          case 413 -> "POST /probe/me/items HTTP/1.1\r\nContent-Length: 20000\r\n";
          case 414 -> "GET /" + "x".repeat(3000) + " HTTP/1.1\r\n";
          case 415 ->
              "POST /probe/me/items HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n";
          case 431 ->
              "GET / HTTP/1.1\r\nOrigin: " + NAMED + "\r\nX: " + "x".repeat(17_000) + "\r\n";
          default -> "GET /a%00b HTTP/1.1\r\n";
        };
    var origin = status == 431 ? "" : "Origin: " + NAMED + "\r\n";
    var answer = raw(request + origin + "Host: localhost\r\nConnection: close\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 " + status);
    assertThat(answer)
        .containsIgnoringCase("\r\nAccess-Control-Allow-Origin: " + NAMED + "\r\n")
        .containsIgnoringCase("\r\nAccess-Control-Expose-Headers: ")
        .containsIgnoringCase("\r\nVary: Origin")
        .contains("\r\nX-Content-Type-Options: nosniff\r\n");
  }

  @Test
  void everyResponseOfAPreflightCarriesTheMandatoryHeaders() {
    for (var answer :
        List.of(preflight(NAMED, "GET", "authorization"), preflight(NAMED, "TRACE", "accept"))) {
      assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(header(answer, "Cache-Control")).contains("no-store");
    }
  }

  @Test
  void cookies_areNotAllowed() {
    assertThat(preflight(NAMED, "GET", "authorization").headers().map().keySet())
        .noneMatch("access-control-allow-credentials"::equalsIgnoreCase);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://app.example.org.evil.test",
        "https://evil.test",
        "http://app.example.org",
        "https://app.example.org:8443",
        "https://sub.app.example.org",
        "null"
      })
  void otherOrigin_getsNoCorsHeaders(String origin) {
    var preflight = preflight(origin, "GET", "authorization");
    assertThat(preflight.statusCode()).isEqualTo(401);
    assertThat(allowedOrigin(preflight)).isEmpty();
    var answer = send(request("/probe/me", token()).header("Origin", origin));
    assertThat(allowedOrigin(answer)).isEmpty();
  }

  @Test
  void allowedOrigin_otherRequestsAreProblems() {
    for (var refused :
        List.of(
            preflight(NAMED, "TRACE", "authorization"),
            preflight(NAMED, "GET", "x-forwarded-for"))) {
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(header(refused, "Content-Type")).startsWith("application/problem+json");
      assertThat(refused.body()).contains("/problems/cross-origin");
      assertThat(allowedOrigin(refused)).isEmpty();
    }
  }

  @Test
  void responses_varyByOrigin() {
    assertThat(send(request("/probe/me", token())).headers().allValues("Vary"))
        .anyMatch(vary -> vary.contains("Origin"))
        .anyMatch(vary -> vary.contains("Authorization"));
    assertThat(
            send(request("/probe/me", token()).header("Origin", NAMED)).headers().allValues("Vary"))
        .anyMatch(vary -> vary.contains("Origin"))
        .anyMatch(vary -> vary.contains("Authorization"));
  }

  private HttpResponse<String> preflight(String origin, String method, String headers) {
    return send(
        request("/probe/me")
            .header("Origin", origin)
            .header("Access-Control-Request-Method", method)
            .header("Access-Control-Request-Headers", headers)
            .method("OPTIONS", BodyPublishers.noBody()));
  }

  private static List<String> allowedOrigin(HttpResponse<String> answer) {
    return answer.headers().allValues("Access-Control-Allow-Origin");
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }
}
