/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import rowlock.product.web.TestWeb;
import rowlock.product.web.Visitor;

/** Budgets of failing requests per peer address, and sessions behind an address over its budget. */
@ExtendWith(OutputCaptureExtension.class)
class FailureBudgetIT {
  private static final TestWeb WEB = TestWeb.shared();
  private static final int BUDGET = 5;
  private static final int LINES_PER_REASON = 2;
  private static final String BACK_CHANNEL = "/logout/connect/back-channel/rowlock";
  private static final String CALLBACK = "/login/oauth2/code/rowlock";
  private static final AtomicInteger ADDRESSES = new AtomicInteger();

  private static URI node;
  private static MeterRegistry metrics;
  private static SecurityLog log;

  /** Peer address that no other test uses. */
  private final String address = "203.0.113." + ADDRESSES.incrementAndGet();

  @BeforeAll
  static void start() {
    node =
        WEB.startNode(
            "--rowlock.failed.authentications.per.minute=" + BUDGET,
            "--rowlock.security.log.lines.per.minute=" + 10 * LINES_PER_REASON,
            "--rowlock.trusted.proxies=127.0.0.1,::1");
    metrics = WEB.newestNode().getBean(MeterRegistry.class);
    log = WEB.newestNode().getBean(SecurityLog.class);
  }

  @Test
  void forgedLogoutTokens_overTheBudget_are429() throws Exception {
    List<String> forged = List.of("not a token", "", forged("unknown"), forged(knownKey()));
    for (var i = 0; i < BUDGET; i++) {
      var answer = logout("not a token");
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).isEqualTo("{\"error\":\"invalid_request\"}");
    }

    for (var token : forged) {
      assertTooMany(logout(token));
    }
    assertThat(count("over_budget")).isPositive();
  }

  @Test
  void validLogoutToken_ofAnAddressOverBudget_endsTheSession() throws Exception {
    var visitor = WEB.visitor().registered();
    var token = logoutTokenOf(visitor);
    var forged = forged(knownKey());
    for (var i = 0; i < 2 * BUDGET; i++) {
      logout(forged);
    }
    assertThat(visitor.session().path("signedIn").asBoolean()).isTrue();

    assertThat(logout(token).statusCode()).isEqualTo(200);

    assertThat(visitor.session().path("reason").asString()).isEqualTo("ended");
    assertTooMany(logout(forged));
  }

  @Test
  void logoutTokens_sentByBrowsers_areRejected_andNotCounted() {
    for (var i = 0; i < 2 * BUDGET; i++) {
      var request =
          form("logout_token=x").header("Sec-Fetch-Site", "cross-site").header("Origin", "null");
      assertThat(send(request).statusCode()).isEqualTo(400);
    }
    assertThat(logout("not a token").statusCode()).isEqualTo(400);
  }

  @Test
  void callbacksOfUnknownLogins_overTheBudget_are429() {
    for (var i = 0; i < BUDGET; i++) {
      assertThat(location(send(get(CALLBACK + "?code=x&state=yyyyyyyyyyyy"))))
          .contains("/protocol/openid-connect/auth?");
    }
    assertTooMany(send(get(CALLBACK + "?code=x&state=yyyyyyyyyyyy")));
    assertTooMany(send(get(CALLBACK)));
  }

  @Test
  void requestsOfAnotherSite_areNotCounted() {
    for (var i = 0; i < 4 * BUDGET; i++) {
      var image =
          get(CALLBACK + "?code=x&state=yyyyyyyyyyyy")
              .header("Sec-Fetch-Site", "cross-site")
              .header("Sec-Fetch-Mode", "no-cors")
              .header("Sec-Fetch-Dest", "image");
      assertThat(send(image).statusCode()).isEqualTo(303);
      var post =
          get("/api/me/tasks")
              .header("Origin", "https://evil.example")
              .POST(BodyPublishers.ofString("{}"));
      assertThat(send(post).statusCode()).isEqualTo(403);
    }
    assertThat(send(get(CALLBACK + "?code=x&state=yyyyyyyyyyyy")).statusCode()).isEqualTo(302);
  }

  @Test
  void rejectedCodes_overTheBudget_doNotReachTheIssuer() {
    var begun = send(get("/login"));
    var state = parameter(location(begun), "state");
    var cookie = begun.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
    var callback =
        get(CALLBACK + "?code=forged&state=" + URLEncoder.encode(state, StandardCharsets.UTF_8))
            .header("Cookie", cookie)
            // as in a redirect from the issuer
            .header("Sec-Fetch-Site", "cross-site");
    for (var i = 0; i < BUDGET; i++) {
      assertThat(location(send(callback.copy()))).contains("login=failed");
    }
    var before = count("login_failed");

    assertTooMany(send(callback.copy()));
    var encoded = callback.copy().build().uri().toString().replace("/rowlock", "/%72owlock");
    assertTooMany(send(callback.copy().uri(URI.create(encoded))));

    assertThat(count("login_failed")).isEqualTo(before);
  }

  @Test
  void malformedSessionCookies_overTheBudget_are429() {
    var guess = get("/api/me/tasks").header("Cookie", Visitor.COOKIE + "=" + "A".repeat(42));
    for (var i = 0; i < BUDGET; i++) {
      assertThat(send(guess.copy()).statusCode()).isEqualTo(401);
    }
    assertTooMany(send(guess.copy()));
    for (var i = 0; i < 2 * BUDGET; i++) {
      assertThat(send(get("/api/me/tasks")).statusCode()).isEqualTo(401);
    }
    var forgotten = get("/api/me/tasks").header("Cookie", Visitor.COOKIE + "=" + "A".repeat(43));
    assertThat(send(forgotten).statusCode()).isEqualTo(401);
    assertThat(send(get("/session")).statusCode()).isEqualTo(200);
  }

  @Test
  void session_behindAnAddressOverItsBudget_continues() {
    var visitor = WEB.visitor().registered();
    var csrf = visitor.csrf();
    var change =
        visitor
            .request(node, "/api/me/tasks")
            .header("X-Forwarded-For", address)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"title\":\"on\"}"));
    for (var i = 0; i < BUDGET; i++) {
      assertThat(send(change.copy().header("X-CSRF-Token", "guess")).statusCode()).isEqualTo(403);
    }
    assertTooMany(send(change.copy().header("X-CSRF-Token", "guess")));
    assertTooMany(send(get(CALLBACK + "?code=x&state=yyyyyyyyyyyy")));

    assertThat(send(change.copy().header("X-CSRF-Token", csrf)).statusCode()).isEqualTo(201);
    var read = visitor.request(node, "/api/me/tasks").header("X-Forwarded-For", address);
    assertThat(send(read).statusCode()).isEqualTo(200);
    var begun = send(get("/login"));
    assertThat(begun.statusCode()).as("a sign-in can begin").isEqualTo(302);
  }

  @Test
  void login_behindAnAddressWithForeignCallbacks_succeeds() {
    for (var i = 0; i < 2 * BUDGET; i++) {
      send(get(CALLBACK + "?code=x&state=yyyyyyyyyyyy"));
    }
    var account = WEB.visitor().registered();
    var visitor = WEB.visitorStoppingAtCallback();
    var answer =
        visitor
            .browser()
            .open(WEB.at("/login"))
            .submit(
                "kc-form-login", Map.of("username", account.email(), "password", Visitor.PASSWORD))
            .address();
    var name = "__Host-rowlock-login-" + parameter(answer.toString(), "state").substring(0, 10);

    var back =
        send(
            get(CALLBACK + "?" + answer.getRawQuery())
                .header("Cookie", name + "=" + visitor.browser().cookie(name)));

    assertThat(back.statusCode()).isEqualTo(303);
    assertThat(back.headers().allValues("Set-Cookie"))
        .anyMatch(cookie -> cookie.startsWith(Visitor.COOKIE + "="));
  }

  @Test
  void securityLog_isLimitedForEachAddressAndReason(CapturedOutput output) {
    var before = count("logout_token_malformed") + count("over_budget");
    for (var i = 0; i < 50; i++) {
      logout("{\"forged\":\"line\"}\n\u001b[31m" + i);
    }

    assertThat(count("logout_token_malformed") + count("over_budget")).isEqualTo(before + 50);
    log.summarize();
    var lines =
        output
            .getOut()
            .lines()
            .filter(line -> line.contains("\"client\":\"" + address + "\""))
            .toList();
    assertThat(lines)
        .isNotEmpty()
        .hasSizeLessThanOrEqualTo(2 * LINES_PER_REASON)
        .allMatch(line -> line.contains("\"event\":\"request_refused\""));
    assertThat(output).contains("\"event\":\"refusals_not_written\"").doesNotContain("forged");
  }

  private void assertTooMany(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(answer.headers().firstValueAsLong("Retry-After").orElse(0)).isBetween(1L, 12L);
    assertThat(answer.body())
        .contains("/problems/too-many-requests\"", "rfc6585.html#section-4", "\"status\":429");
  }

  /** Ends the visitor's session and returns the logout token that Keycloak sends. */
  private static String logoutTokenOf(Visitor visitor) throws Exception {
    BlockingQueue<String> received = new LinkedBlockingQueue<>();
    var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/",
        exchange -> {
          received.add(
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    try {
      WEB.sendLogoutTokensTo("http://localhost:" + server.getAddress().getPort() + "/");
      WEB.admin().delete(TestWeb.REALM + "/sessions/" + visitor.keycloakSession());
      var form = received.poll(20, TimeUnit.SECONDS);
      assertThat(form).startsWith("logout_token=");
      return form.substring("logout_token=".length());
    } finally {
      WEB.sendLogoutTokensTo("");
      server.stop(0);
    }
  }

  private static String knownKey() {
    return Visitor.json(
            Visitor.http(
                HttpRequest.newBuilder(URI.create(WEB.issuer() + "/protocol/openid-connect/certs"))
                    .build()))
        .path("keys")
        .valueStream()
        .filter(key -> key.path("alg").asString().equals("PS256"))
        .findFirst()
        .orElseThrow()
        .path("kid")
        .asString();
  }

  private static String forged(String kid) throws Exception {
    var key = Keys.STRANGER;
    var token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.PS256)
                .keyID(kid)
                .type(new JOSEObjectType("logout+jwt"))
                .build(),
            new JWTClaimsSet.Builder()
                .issuer(WEB.issuer())
                .audience("task-web")
                .subject(UUID.randomUUID().toString())
                .jwtID(UUID.randomUUID().toString())
                .issueTime(Date.from(Instant.now()))
                .expirationTime(Date.from(Instant.now().plusSeconds(60)))
                .claim(
                    "events",
                    Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of()))
                .build());
    token.sign(new RSASSASigner(key));
    return token.serialize();
  }

  private HttpResponse<String> logout(String token) {
    return send(form("logout_token=" + URLEncoder.encode(token, StandardCharsets.UTF_8)));
  }

  private HttpRequest.Builder form(String content) {
    return get(BACK_CHANNEL)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(BodyPublishers.ofString(content));
  }

  private HttpRequest.Builder get(String path) {
    return HttpRequest.newBuilder(URI.create(node + path)).header("X-Forwarded-For", address);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    return Visitor.http(request.build());
  }

  private static String location(HttpResponse<String> answer) {
    return answer.headers().firstValue("Location").orElse("none: " + answer.statusCode());
  }

  private static String parameter(String uri, String name) {
    for (var pair : URI.create(uri).getRawQuery().split("&", -1)) {
      if (pair.startsWith(name + "=")) {
        return java.net.URLDecoder.decode(
            pair.substring(name.length() + 1), StandardCharsets.UTF_8);
      }
    }
    return "";
  }

  private static double count(String reason) {
    return metrics.get("rowlock.web.refused").tag("reason", reason).counter().count();
  }

  private static final class Keys {
    static final RSAKey STRANGER = newKey();

    private static RSAKey newKey() {
      try {
        return new RSAKeyGenerator(2048).keyID("stranger").generate();
      } catch (com.nimbusds.jose.JOSEException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
