/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.web.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import rowlock.field.FieldReport;
import rowlock.local.login.BrowserSession;
import rowlock.local.login.Page;
import rowlock.product.web.TestWeb;
import rowlock.product.web.Visitor;

/** Attacks on the login: forged callbacks, planted cookies and foreign destinations. */
class LoginAttackIT {

  private final TestWeb web = TestWeb.shared();

  @Test
  void callback_ofAnotherBrowsersAttempt_startsNoSession() {
    Visitor attacker = web.visitorStoppingAtCallback();
    URI answer = callbackOf(attacker);

    Visitor victim = web.visitor();
    Page page = victim.browser().open(answer);

    assertThat(page.hasForm("kc-form-login")).as("a login of the victim's own").isTrue();
    assertThat(parameter(page.address(), "state")).isNotEqualTo(parameter(answer, "state"));
    assertThat(victim.browser().cookie(Visitor.COOKIE)).isNull();
  }

  @FieldReport("https://github.com/oauth2-proxy/oauth2-proxy/issues/2163")
  @Test
  void login_manyAttempts_deletesTheOldest() {
    String cookies =
        IntStream.range(0, 8)
            .mapToObj(i -> "__Host-rowlock-login-attempt-" + i + "=x")
            .collect(Collectors.joining("; "));
    HttpResponse<String> answer =
        Visitor.http(HttpRequest.newBuilder(web.at("/login")).header("Cookie", cookies).build());

    assertThat(answer.headers().allValues("Set-Cookie"))
        .filteredOn(cookie -> cookie.contains("Max-Age=0"))
        .extracting(cookie -> cookie.substring(0, cookie.indexOf('=')))
        .containsExactly(
            "__Host-rowlock-login-attempt-0",
            "__Host-rowlock-login-attempt-1",
            "__Host-rowlock-login-attempt-2");
  }

  @FieldReport("https://github.com/oauth2-proxy/oauth2-proxy/issues/2163")
  @Test
  void login_plantedAttempts_areDeletedInParts() {
    String cookies =
        IntStream.range(0, 120)
            .mapToObj(i -> "__Host-rowlock-login-planted%03d=x".formatted(i))
            .collect(Collectors.joining("; "));
    HttpResponse<String> answer =
        Visitor.http(HttpRequest.newBuilder(web.at("/login")).header("Cookie", cookies).build());

    assertThat(answer.statusCode()).isEqualTo(302);
    assertThat(answer.headers().allValues("Set-Cookie"))
        .filteredOn(cookie -> cookie.contains("Max-Age=0"))
        .hasSize(20);
  }

  @Test
  void callback_repeated_startsNoSecondSession() {
    Visitor visitor = web.visitorStoppingAtCallback();
    URI answer = callbackOf(visitor);
    assertThat(visitor.browser().open(answer).address()).hasQuery(null);
    String cookie = visitor.cookie();

    assertThat(visitor.browser().open(answer).address()).hasPath("/").hasQuery(null);
    assertThat(visitor.cookie()).isEqualTo(cookie);
    assertThat(visitor.session().path("signedIn").asBoolean()).isTrue();
  }

  @Test
  void callback_withCodeOfAnotherAttempt_isRejected() {
    Visitor victim = web.visitorStoppingAtCallback();
    Visitor attacker = web.visitorStoppingAtCallback();
    URI own = callbackOf(victim);
    String code = parameter(callbackOf(attacker), "code");
    URI injected = URI.create(own.toString().replace(parameter(own, "code"), code));

    Page page = victim.browser().open(injected);

    assertThat(page.address().getQuery()).startsWith("login=");
    assertThat(victim.browser().cookie(Visitor.COOKIE)).isNull();
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/34014")
  @Test
  void login_withPlantedSessionCookie_getsANewOne() {
    Visitor attacker = web.visitor().registered();
    Visitor victim = web.visitorStoppingAtCallback();
    URI answer = callbackOf(victim);
    String planted = attacker.cookie();
    HttpResponse<String> back =
        Visitor.http(
            HttpRequest.newBuilder(answer)
                .header(
                    "Cookie",
                    Visitor.COOKIE + "=" + planted + "; " + loginCookie(victim.browser(), answer))
                .build());

    assertThat(back.headers().allValues("Set-Cookie"))
        .anySatisfy(
            cookie ->
                assertThat(cookie)
                    .startsWith(Visitor.COOKIE + "=")
                    .doesNotContain(planted)
                    .contains("Path=/", "Secure", "HttpOnly", "SameSite=Strict")
                    .doesNotContain("Domain"));
  }

  @FieldReport("https://github.com/bitly/oauth2_proxy/issues/478")
  @Test
  void login_foreignDestination_isIgnored() {
    Visitor visitor = web.visitor().registered();
    for (String to :
        new String[] {"https://evil.example/", "//evil.example", "/%09/evil.example", "/%5Cevil"}) {
      Page back = visitor.browser().open(web.at("/login?to=" + to));
      assertThat(back.address()).hasHost("localhost").hasPort(web.address().getPort());
    }
    Page back = visitor.browser().open(web.at("/login?to=/%3Ffilter%3Dopen"));
    assertThat(back.address()).hasQuery("filter=open");
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/14422")
  @Test
  void login_redirectUri_isTheConfiguredOrigin() {
    Visitor visitor = web.visitor();
    Page form = visitor.browser().open(web.at("/login"));
    assertThat(form.address().toString())
        .contains("redirect_uri=" + web.address())
        .startsWith(web.keycloak().url().toString());
  }

  @Test
  void loginAction_opensKeycloaksPage_butNotFromAnotherSite() {
    Visitor visitor = web.visitor().registered();
    Page page = visitor.browser().open(web.at("/login?action=password&to=/%23account"));
    assertThat(page.hasForm("kc-passwd-update-form")).as(page.text()).isTrue();

    HttpResponse<String> foreign =
        Visitor.http(
            HttpRequest.newBuilder(web.at("/login?action=delete-account"))
                .header("Sec-Fetch-Site", "cross-site")
                .build());
    assertThat(foreign.headers().firstValue("Location").orElseThrow()).doesNotContain("kc_action");
  }

  /** Signs in at Keycloak and returns the callback, which the browser has not requested. */
  private URI callbackOf(Visitor visitor) {
    Visitor account = web.visitor().registered();
    BrowserSession browser = visitor.browser();
    Page form = browser.open(web.at("/login"));
    Page last =
        form.submit(
            "kc-form-login", Map.of("username", account.email(), "password", Visitor.PASSWORD));
    assertThat(parameter(last.address(), "code")).isNotEmpty();
    return last.address();
  }

  private static String loginCookie(BrowserSession browser, URI answer) {
    String name = "__Host-rowlock-login-" + parameter(answer, "state").substring(0, 10);
    return name + "=" + browser.cookie(name);
  }

  private static String parameter(URI address, String name) {
    for (String pair : address.getRawQuery().split("&")) {
      if (pair.startsWith(name + "=")) {
        return java.net.URLDecoder.decode(
            pair.substring(name.length() + 1), java.nio.charset.StandardCharsets.UTF_8);
      }
    }
    return "";
  }
}
