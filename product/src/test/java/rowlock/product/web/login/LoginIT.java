/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.web.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rowlock.field.FieldReport;
import rowlock.product.web.TestWeb;
import rowlock.product.web.Visitor;

/** Login and registration without a browser: redirects, cookies, sessions and stored data. */
class LoginIT {
  private static final String TOKEN = "eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]+";

  private static final String CALLBACK = "/login/oauth2/code/rowlock";

  private final TestWeb web = TestWeb.shared();

  @Test
  void register_returnsSignedIn_andTasksCanBeCreated() {
    var visitor = web.visitor().registered();

    var session = visitor.session();
    assertThat(session.path("signedIn").asBoolean()).isTrue();
    assertThat(session.path("email").asString()).isEqualTo(visitor.email());

    var created = visitor.send("POST", "/api/me/tasks", "{\"title\":\"Water the plants\"}");
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    var place = created.headers().firstValue("Location").orElseThrow();
    assertThat(place).startsWith("/api/me/tasks/");
    var read = visitor.get(place);
    assertThat(read.statusCode()).isEqualTo(200);
    assertThat(read.headers().firstValue("ETag")).isPresent();
    assertThat(Visitor.json(read).path("title").asString()).isEqualTo("Water the plants");
  }

  @Test
  void responsesAndRows_containNoToken() {
    var visitor = web.visitor().registered();
    visitor.send("POST", "/api/me/tasks", "{\"title\":\"Water the plants\"}");
    visitor.get("/");

    assertThat(visitor.everythingSeen()).doesNotContainPattern(TOKEN);
    var rows =
        web.database()
            .sql(
                "select encode(sealed, 'escape') || subject || encode(id, 'hex') from"
                    + " web.session where sealed is not null")
            .query(String.class)
            .list();
    assertThat(rows)
        .isNotEmpty()
        .allSatisfy(
            row ->
                assertThat(row)
                    .doesNotContainPattern(TOKEN)
                    .doesNotContain(visitor.email())
                    .doesNotContain(visitor.cookie()));
  }

  @Test
  void requestWithoutSession_is401_andNotARedirect() {
    var call = Visitor.http(get("/api/me/tasks"));
    assertThat(call.statusCode()).isEqualTo(401);
    assertThat(Visitor.json(call).path("reason").asString()).isEqualTo("none");
    assertThat(call.headers().firstValue("Set-Cookie")).isEmpty();

    var session = Visitor.http(get("/session"));
    assertThat(session.statusCode()).isEqualTo(200);
    assertThat(Visitor.json(session).path("signedIn").asBoolean(true)).isFalse();
  }

  @Test
  void authorizationRequest_hasStateNonceAndPkce() {
    var leaving =
        Visitor.http(
            HttpRequest.newBuilder(web.at("/login?to=/&scope=offline_access&kc_idp_hint=evil"))
                .header("Host-Override", "evil.example")
                .build());

    var to = leaving.headers().firstValue("Location").orElseThrow();
    assertThat(to)
        .startsWith(web.issuer())
        .contains("response_type=code", "code_challenge_method=S256", "code_challenge=")
        .contains("state=", "nonce=", "client_id=task-web")
        .contains("redirect_uri=" + web.address() + "/login/oauth2/code/rowlock")
        .doesNotContain("offline_access", "evil");
    assertThat(leaving.headers().allValues("Set-Cookie"))
        .singleElement()
        .asString()
        .startsWith("__Host-rowlock-login-")
        .contains("Path=/", "Secure", "HttpOnly", "SameSite=Lax")
        .doesNotContain("Domain");
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/34014")
  @Test
  void sessionCookie_isNewAtEveryLogin() {
    var visitor = web.visitor().registered();
    var first = visitor.cookie();
    var back = visitor.signIn(visitor.email(), "/login");

    assertThat(back.address()).hasPath("/");
    assertThat(visitor.cookie()).isNotEqualTo(first).hasSize(43);
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/12240")
  @Test
  void bookmarkedLoginPage_signsIn() {
    var account = web.visitor().registered();
    var bookmark = web.visitor().browser().open(web.at("/login")).address();

    var visitor = web.visitor();
    var last =
        visitor
            .browser()
            .open(bookmark)
            .submit(
                "kc-form-login", Map.of("username", account.email(), "password", Visitor.PASSWORD));

    assertThat(last.address()).hasPath("/").hasQuery(null);
    assertThat(visitor.session().path("email").asString()).isEqualTo(account.email());
  }

  @Test
  void callback_ofUnknownAttempt_restartsTheLoginOnce() {
    var first = Visitor.http(get(CALLBACK + "?code=x&state=0123456789abcdef"));
    assertThat(first.statusCode()).isEqualTo(302);
    var location = location(first);
    assertThat(location).startsWith(web.issuer());
    var state = parameter(location, "state");

    // the browser has not kept the cookie of the second attempt either
    var second = Visitor.http(get(CALLBACK + "?code=x&state=" + state));
    assertThat(second.statusCode()).isEqualTo(303);
    assertThat(location(second)).isEqualTo(web.address() + "/?login=expired");
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          error=access_denied,                                                       refused
          error=temporarily_unavailable,                                             unavailable
          error=server_error,                                                        failed
          nothing=x,                                                                 failed
          """)
  void callback_errorOfUnknownAttempt_isNotRestarted(String answer, String word) {
    var back = Visitor.http(get(CALLBACK + "?state=0123456789abcdef&" + answer));
    assertThat(back.statusCode()).isEqualTo(303);
    assertThat(location(back)).isEqualTo(web.address() + "/?login=" + word);
  }

  @Test
  void expiredAction_restartsWithItsDestination() {
    var leaving = Visitor.http(get("/login?action=password&to=/%3Fshow%3Ddone"));
    var state = parameter(location(leaving), "state");
    var again =
        Visitor.http(
            with(
                attempt(leaving),
                CALLBACK
                    + "?error=temporarily_unavailable&error_description=authentication_expired&state="
                    + state));

    assertThat(location(again)).contains("kc_action=UPDATE_PASSWORD");
    var given =
        Visitor.http(
            with(
                attempt(again),
                CALLBACK + "?error=access_denied&state=" + parameter(location(again), "state")));
    assertThat(location(given))
        .isEqualTo(web.address() + "/?show=done&login=refused&action=password&result=cancelled");
  }

  @FieldReport("https://github.com/open-webui/open-webui/pull/22806")
  @Test
  void sessionCookie_hasMaxAge_onlyIfRemembered() {
    var account = web.visitor().registered();

    var remembered = sessionCookie(account, Map.of("rememberMe", "on"));
    var usual = sessionCookie(account, Map.of());

    var seconds = Long.parseLong(remembered.replaceAll("(?s).*Max-Age=(\\d+).*", "$1"));
    assertThat(seconds).isBetween(2_592_000L - 60, 2_592_000L);
    assertThat(usual).doesNotContain("Max-Age", "Expires");
    assertThat(List.of(remembered, usual))
        .allSatisfy(
            cookie ->
                assertThat(cookie)
                    .contains("Path=/", "Secure", "HttpOnly", "SameSite=Strict")
                    .doesNotContain("Domain"));
  }

  /** Signs in and returns the session cookie that the response to the callback sets. */
  private String sessionCookie(Visitor account, Map<String, String> more) {
    var visitor = web.visitorStoppingAtCallback();
    Map<String, String> fields = new HashMap<>(more);
    fields.put("username", account.email());
    fields.put("password", Visitor.PASSWORD);
    var answer = visitor.browser().open(web.at("/login")).submit("kc-form-login", fields).address();
    var name = "__Host-rowlock-login-" + parameter(answer.toString(), "state").substring(0, 10);
    return Visitor.http(
            HttpRequest.newBuilder(answer)
                .header("Cookie", name + "=" + visitor.browser().cookie(name))
                .build())
        .headers()
        .allValues("Set-Cookie")
        .stream()
        .filter(cookie -> cookie.startsWith(Visitor.COOKIE + "="))
        .findFirst()
        .orElseThrow();
  }

  private static String location(HttpResponse<String> response) {
    return response.headers().firstValue("Location").orElseThrow();
  }

  /** Returns the cookie that a response has set for an attempt. */
  private static String attempt(HttpResponse<String> response) {
    return response.headers().allValues("Set-Cookie").stream()
        .filter(
            cookie -> cookie.startsWith("__Host-rowlock-login-") && !cookie.contains("Max-Age=0"))
        .map(cookie -> cookie.substring(0, cookie.indexOf(';')))
        .findFirst()
        .orElseThrow();
  }

  private HttpRequest with(String cookie, String path) {
    return HttpRequest.newBuilder(web.at(path)).header("Cookie", cookie).build();
  }

  private static String parameter(String address, String name) {
    for (var pair : URI.create(address).getRawQuery().split("&")) {
      if (pair.startsWith(name + "=")) {
        return pair.substring(name.length() + 1);
      }
    }
    throw new AssertionError("no " + name);
  }

  private HttpRequest get(String path) {
    return HttpRequest.newBuilder(web.at(path)).build();
  }
}
