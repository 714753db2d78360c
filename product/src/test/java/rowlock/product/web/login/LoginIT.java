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
import rowlock.local.login.Page;
import rowlock.product.web.TestWeb;
import rowlock.product.web.Visitor;
import tools.jackson.databind.JsonNode;

/** Login and registration without a browser: redirects, cookies, sessions and stored data. */
class LoginIT {

  private static final String TOKEN = "eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]+";

  private static final String CALLBACK = "/login/oauth2/code/rowlock";

  private final TestWeb web = TestWeb.shared();

  @Test
  void register_returnsSignedIn_andTasksCanBeCreated() {
    Visitor visitor = web.visitor().registered();

    JsonNode session = visitor.session();
    assertThat(session.path("signedIn").asBoolean()).isTrue();
    assertThat(session.path("email").asString()).isEqualTo(visitor.email());

    HttpResponse<String> created =
        visitor.send("POST", "/api/me/tasks", "{\"title\":\"Water the plants\"}");
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    String place = created.headers().firstValue("Location").orElseThrow();
    assertThat(place).startsWith("/api/me/tasks/");
    HttpResponse<String> read = visitor.get(place);
    assertThat(read.statusCode()).isEqualTo(200);
    assertThat(read.headers().firstValue("ETag")).isPresent();
    assertThat(Visitor.json(read).path("title").asString()).isEqualTo("Water the plants");
  }

  @Test
  void responsesAndRows_containNoToken() {
    Visitor visitor = web.visitor().registered();
    visitor.send("POST", "/api/me/tasks", "{\"title\":\"Water the plants\"}");
    visitor.get("/");

    assertThat(visitor.everythingSeen()).doesNotContainPattern(TOKEN);
    List<String> rows =
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
    HttpResponse<String> call = Visitor.http(get("/api/me/tasks"));
    assertThat(call.statusCode()).isEqualTo(401);
    assertThat(Visitor.json(call).path("reason").asString()).isEqualTo("none");
    assertThat(call.headers().firstValue("Set-Cookie")).isEmpty();

    HttpResponse<String> session = Visitor.http(get("/session"));
    assertThat(session.statusCode()).isEqualTo(200);
    assertThat(Visitor.json(session).path("signedIn").asBoolean(true)).isFalse();
  }

  @Test
  void authorizationRequest_hasStateNonceAndPkce() {
    HttpResponse<String> leaving =
        Visitor.http(
            HttpRequest.newBuilder(web.at("/login?to=/&scope=offline_access&kc_idp_hint=evil"))
                .header("Host-Override", "evil.example")
                .build());

    String to = leaving.headers().firstValue("Location").orElseThrow();
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
    Visitor visitor = web.visitor().registered();
    String first = visitor.cookie();
    Page back = visitor.signIn(visitor.email(), "/login");

    assertThat(back.address()).hasPath("/");
    assertThat(visitor.cookie()).isNotEqualTo(first).hasSize(43);
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/12240")
  @Test
  void bookmarkedLoginPage_signsIn() {
    Visitor account = web.visitor().registered();
    URI bookmark = web.visitor().browser().open(web.at("/login")).address();

    Visitor visitor = web.visitor();
    Page last =
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
    HttpResponse<String> first = Visitor.http(get(CALLBACK + "?code=x&state=0123456789abcdef"));
    assertThat(first.statusCode()).isEqualTo(302);
    String location = location(first);
    assertThat(location).startsWith(web.issuer());
    String state = parameter(location, "state");

    // the browser has not kept the cookie of the second attempt either
    HttpResponse<String> second = Visitor.http(get(CALLBACK + "?code=x&state=" + state));
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
    HttpResponse<String> back = Visitor.http(get(CALLBACK + "?state=0123456789abcdef&" + answer));
    assertThat(back.statusCode()).isEqualTo(303);
    assertThat(location(back)).isEqualTo(web.address() + "/?login=" + word);
  }

  @Test
  void expiredAction_restartsWithItsDestination() {
    HttpResponse<String> leaving = Visitor.http(get("/login?action=password&to=/%3Fshow%3Ddone"));
    String state = parameter(location(leaving), "state");
    HttpResponse<String> again =
        Visitor.http(
            with(
                attempt(leaving),
                CALLBACK
                    + "?error=temporarily_unavailable&error_description=authentication_expired&state="
                    + state));

    assertThat(location(again)).contains("kc_action=UPDATE_PASSWORD");
    HttpResponse<String> given =
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
    Visitor account = web.visitor().registered();

    String remembered = sessionCookie(account, Map.of("rememberMe", "on"));
    String usual = sessionCookie(account, Map.of());

    long seconds = Long.parseLong(remembered.replaceAll("(?s).*Max-Age=(\\d+).*", "$1"));
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
    Visitor visitor = web.visitorStoppingAtCallback();
    Map<String, String> fields = new HashMap<>(more);
    fields.put("username", account.email());
    fields.put("password", Visitor.PASSWORD);
    URI answer = visitor.browser().open(web.at("/login")).submit("kc-form-login", fields).address();
    String name = "__Host-rowlock-login-" + parameter(answer.toString(), "state").substring(0, 10);
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
    for (String pair : URI.create(address).getRawQuery().split("&")) {
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
