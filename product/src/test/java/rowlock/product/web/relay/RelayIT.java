/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.web.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.field.FieldReport;
import rowlock.product.web.Visitor;

/** Requests and responses that the relay passes on, changes or rejects. */
class RelayIT extends RelayTestBase {
  @FieldReport("https://github.com/oauth2-proxy/oauth2-proxy/issues/644")
  @Test
  void request_carriesTheTokenAndAllowedHeadersOnly() {
    var answer =
        call(
            request("/api/me/tasks?limit=2&q=a%20b%26c")
                .header("Authorization", "Bearer forged")
                .header("X-Forwarded-For", "203.0.113.9")
                .header("X-Forwarded-Host", "evil.example")
                .header("Forwarded", "for=203.0.113.9")
                .header("X-Original-URL", "/admin")
                .header("X-HTTP-Method-Override", "DELETE")
                .header("Proxy-Authorization", "Basic Zm9v")
                .header("DPoP", "proof")
                .header("Origin", WEB.address().toString())
                .header("If-None-Match", "\"1\"")
                .header("Accept-Language", "de"));

    assertThat(answer.statusCode()).isEqualTo(200);
    var call = api.last();
    assertThat(call.target()).isEqualTo("/api/me/tasks?limit=2&q=a%20b%26c");
    assertThat(call.headers().keySet())
        .containsExactlyInAnyOrder(
            "Authorization",
            "If-none-match",
            "Accept-language",
            "Host",
            "Connection",
            "X-forwarded-for");
    assertThat(call.headers().get("X-forwarded-for")).hasSize(1);
    assertThat(loopback(call.headers().get("X-forwarded-for").getFirst())).isTrue();
    assertThat(call.headers().get("Authorization"))
        .singleElement()
        .asString()
        .startsWith("Bearer eyJ");
    assertThat(call.headers().get("Host")).containsExactly(api.address().getAuthority());
  }

  @Test
  void request_ofTrustedProxy_keepsForwardedFor() {
    var behindProxy =
        WEB.startNode(
            "--rowlock.api.url=" + api.address(), "--rowlock.trusted.proxies=127.0.0.1,::1");
    Visitor.http(
        visitor
            .request(behindProxy, "/api/me/tasks")
            .header("X-Forwarded-For", "198.51.100.7, 203.0.113.9")
            .build());

    var lines = api.last().headers().get("X-forwarded-for");
    var all = String.join(",", lines);
    assertThat(all).startsWith("198.51.100.7, 203.0.113.9,");
    assertThat(loopback(all.substring(all.lastIndexOf(',') + 1).strip())).isTrue();
  }

  @Test
  void response_carriesAllowedHeadersOnly() {
    api.respondWith(
        exchange -> {
          exchange.getResponseHeaders().set("Set-Cookie", "__Host-rowlock=fixed; Path=/; Secure");
          exchange.getResponseHeaders().set("Access-Control-Allow-Origin", "*");
          exchange.getResponseHeaders().set("Clear-Site-Data", "\"*\"");
          exchange.getResponseHeaders().set("Content-Security-Policy", "default-src *");
          exchange.getResponseHeaders().set("Refresh", "0;url=https://evil.example");
          exchange.getResponseHeaders().set("ETag", "\"7\"");
          exchange.getResponseHeaders().set("Retry-After", "3");
          exchange.getResponseHeaders().set("Location", api.address() + "/api/me/tasks/1");
          exchange
              .getResponseHeaders()
              .set("Link", "<" + api.address() + "/api/me/tasks?cursor=x>; rel=\"next\"");
          exchange.sendResponseHeaders(201, -1);
        });

    var answer = call(request("/api/me/tasks"));

    assertThat(answer.statusCode()).isEqualTo(201);
    var headers = answer.headers();
    assertThat(headers.map().keySet())
        .doesNotContain("set-cookie", "access-control-allow-origin", "clear-site-data", "refresh");
    assertThat(headers.allValues("Content-Security-Policy"))
        .singleElement()
        .asString()
        .contains("default-src 'none'", "require-trusted-types-for 'script'");
    assertThat(headers.firstValue("ETag")).contains("\"7\"");
    assertThat(headers.firstValue("Retry-After")).contains("3");
    assertThat(headers.firstValue("Location")).contains("/api/me/tasks/1");
    assertThat(headers.firstValue("Link")).contains("</api/me/tasks?cursor=x>; rel=\"next\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/../session",
        "/api/%2e%2e/events",
        "/api/%2E%2E%2Fevents",
        "/api/..%2fevents",
        "/api/..;/events",
        "/api//events",
        "/api/./x",
        "/api/x%5c..%5cevents",
        "/api/x\\..\\events",
        "/api/%252e%252e/events",
        "/api/%00",
        "/api/x;y=z",
        "/api/%0d%0aX-Injected:%201",
        "/apix",
        "/API/me",
        "/%61pi/me/tasks",
        "/x/../api/me/tasks",
        "/api;x=y/me/tasks",
        "/api%2fme/tasks",
        "http://evil.example/api/me",
        "//evil.example/api/me"
      })
  void ambiguousPaths_areNotRelayed(String target) {
    var before = api.count();
    var answer = raw("GET " + target + " HTTP/1.1\r\n");
    assertThat(answer).matches("(?s)HTTP/1.1 (400|401|403|404).*");
    assertThat(api.count()).isEqualTo(before);
  }

  @Test
  void smuggledRequest_isNotRelayed() {
    var before = api.count();
    var answer =
        raw(
            "POST /api/me/tasks HTTP/1.1\r\nX-CSRF-Token: "
                + visitor.csrf()
                + "\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n",
            "0\r\n\r\nGET /api/other HTTP/1.1\r\nHost: x\r\n\r\n");
    assertThat(api.count() - before).isLessThanOrEqualTo(1);
    assertThat(answer.split("HTTP/1.1 ", -1).length - 1).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"OPTIONS", "TRACE", "CONNECT", "PROPFIND", "FOO"})
  void otherMethods_areNotRelayed(String method) {
    var before = api.count();
    var answer =
        raw(method + " /api/me/tasks HTTP/1.1\r\nX-CSRF-Token: " + visitor.csrf() + "\r\n");
    assertThat(answer).matches("(?s)HTTP/1.1 (400|405|501).*");
    assertThat(api.count()).isEqualTo(before);
  }

  @Test
  void requestsOfOtherSites_areRejected() {
    for (var site : List.of("cross-site", "same-site")) {
      assertThat(call(request("/api/me/tasks").header("Sec-Fetch-Site", site)).statusCode())
          .isEqualTo(403);
    }
    var post =
        request("/api/me/tasks")
            .POST(BodyPublishers.ofString("{}"))
            .header("X-CSRF-Token", visitor.csrf());
    assertThat(call(post.copy().header("Origin", "https://evil.example")).statusCode())
        .isEqualTo(403);
    assertThat(call(post.copy().header("Origin", "null")).statusCode()).isEqualTo(403);
    assertThat(call(post.copy().header("Sec-Fetch-Site", "none")).statusCode()).isEqualTo(403);
    assertThat(call(post.copy()).statusCode()).isEqualTo(200);
  }

  @Test
  void changeWithoutCsrfToken_isRejected() {
    var before = api.count();
    var foreign = WEB.visitor().registered().csrf();
    for (var token : List.of("", "guess", foreign)) {
      var post =
          request("/api/me/tasks")
              .POST(BodyPublishers.ofString("{}"))
              .header("X-CSRF-Token", token);
      assertThat(call(post).statusCode()).isEqualTo(403);
    }
    var inBody =
        request("/api/me/tasks")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("_csrf=" + visitor.csrf()));
    assertThat(call(inBody).statusCode()).isEqualTo(403);
    assertThat(api.count()).isEqualTo(before);
  }

  @Test
  void bodies_areRelayedUnchanged() {
    var large = "x".repeat(300_000);
    api.respondWith(
        exchange -> {
          var body = api.last().body();
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(body);
        });
    for (var body : List.of("", "{\"title\":\"\u00e4\"}", large)) {
      var post =
          request("/api/me/tasks")
              .POST(BodyPublishers.ofString(body))
              .header("X-CSRF-Token", visitor.csrf());
      assertThat(call(post).body()).isEqualTo(body);
    }
    var tooLarge =
        request("/api/me/tasks")
            .POST(BodyPublishers.ofString("x".repeat((1 << 20) + 1)))
            .header("X-CSRF-Token", visitor.csrf());
    assertThat(call(tooLarge).statusCode()).isEqualTo(413);
  }

  private static boolean loopback(String address) {
    return InetAddress.ofLiteral(address).isLoopbackAddress();
  }

  /** Sends a request line, headers and body without normalization. */
  private static String raw(String start, String... rest) {
    var request =
        start
            + "Host: localhost\r\nConnection: close\r\nCookie: "
            + Visitor.COOKIE
            + "="
            + visitor.cookie()
            + "\r\n\r\n"
            + String.join("", rest);
    try (var socket = new Socket("localhost", node.getPort())) {
      socket.setSoTimeout(10_000);
      var answer = new ByteArrayOutputStream();
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      socket.getInputStream().transferTo(answer);
      return answer.toString(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
