/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.web.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import rowlock.field.FieldReport;
import rowlock.local.login.BrowserSession;
import rowlock.product.web.TestWeb;
import rowlock.product.web.Visitor;

/** Attacks on the login: forged callbacks, planted cookies and foreign destinations. */
class LoginAttackIT {
  private final TestWeb web = TestWeb.shared();

  @Test
  void callback_ofAnotherBrowsersAttempt_startsNoSession() {
    var attacker = web.visitorStoppingAtCallback();
    var answer = callbackOf(attacker);

    var victim = web.visitor();
    var page = victim.browser().open(answer);

    assertThat(page.hasForm("kc-form-login")).as("a login of the victim's own").isTrue();
    assertThat(parameter(page.address(), "state")).isNotEqualTo(parameter(answer, "state"));
    assertThat(victim.browser().cookie(Visitor.COOKIE)).isNull();
  }

  @FieldReport("https://github.com/oauth2-proxy/oauth2-proxy/issues/2163")
  @Test
  void login_manyAttempts_deletesTheOldest() {
    var cookies =
        IntStream.range(0, 8)
            .mapToObj(i -> "__Host-rowlock-login-attempt-" + i + "=x")
            .collect(Collectors.joining("; "));
    var answer =
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
    var cookies =
        IntStream.range(0, 120)
            .mapToObj(i -> "__Host-rowlock-login-planted%03d=x".formatted(i))
            .collect(Collectors.joining("; "));
    var answer =
        Visitor.http(HttpRequest.newBuilder(web.at("/login")).header("Cookie", cookies).build());

    assertThat(answer.statusCode()).isEqualTo(302);
    assertThat(answer.headers().allValues("Set-Cookie"))
        .filteredOn(cookie -> cookie.contains("Max-Age=0"))
        .hasSize(20);
  }

  @Test
  void callback_repeated_startsNoSecondSession() {
    var visitor = web.visitorStoppingAtCallback();
    var answer = callbackOf(visitor);
    assertThat(visitor.browser().open(answer).address()).hasQuery(null);
    var cookie = visitor.cookie();

    assertThat(visitor.browser().open(answer).address()).hasPath("/").hasQuery(null);
    assertThat(visitor.cookie()).isEqualTo(cookie);
    assertThat(visitor.session().path("signedIn").asBoolean()).isTrue();
  }

  @Test
  void callback_withCodeOfAnotherAttempt_isRejected() {
    var victim = web.visitorStoppingAtCallback();
    var attacker = web.visitorStoppingAtCallback();
    var own = callbackOf(victim);
    var code = parameter(callbackOf(attacker), "code");
    var injected = URI.create(own.toString().replace(parameter(own, "code"), code));

    var page = victim.browser().open(injected);

    assertThat(page.address().getQuery()).startsWith("login=");
    assertThat(victim.browser().cookie(Visitor.COOKIE)).isNull();
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/34014")
  @Test
  void login_withPlantedSessionCookie_getsANewOne() {
    var attacker = web.visitor().registered();
    var victim = web.visitorStoppingAtCallback();
    var answer = callbackOf(victim);
    var planted = attacker.cookie();
    var back =
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
    var visitor = web.visitor().registered();
    for (var to :
        new String[] {"https://evil.example/", "//evil.example", "/%09/evil.example", "/%5Cevil"}) {
      var back = visitor.browser().open(web.at("/login?to=" + to));
      assertThat(back.address()).hasHost("localhost").hasPort(web.address().getPort());
    }
    var back = visitor.browser().open(web.at("/login?to=/%3Ffilter%3Dopen"));
    assertThat(back.address()).hasQuery("filter=open");
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/14422")
  @Test
  void login_redirectUri_isTheConfiguredOrigin() {
    var visitor = web.visitor();
    var form = visitor.browser().open(web.at("/login"));
    assertThat(form.address().toString())
        .contains("redirect_uri=" + web.address())
        .startsWith(web.keycloak().url().toString());
  }

  @Test
  void loginAction_opensKeycloaksPage_butNotFromAnotherSite() {
    var visitor = web.visitor().registered();
    var page = visitor.browser().open(web.at("/login?action=password&to=/%23account"));
    assertThat(page.hasForm("kc-passwd-update-form")).as(page.text()).isTrue();

    var foreign =
        Visitor.http(
            HttpRequest.newBuilder(web.at("/login?action=delete-account"))
                .header("Sec-Fetch-Site", "cross-site")
                .build());
    assertThat(foreign.headers().firstValue("Location").orElseThrow()).doesNotContain("kc_action");
  }

  /** Signs in at Keycloak and returns the callback, which the browser has not requested. */
  private URI callbackOf(Visitor visitor) {
    var account = web.visitor().registered();
    var browser = visitor.browser();
    var form = browser.open(web.at("/login"));
    var last =
        form.submit(
            "kc-form-login", Map.of("username", account.email(), "password", Visitor.PASSWORD));
    assertThat(parameter(last.address(), "code")).isNotEmpty();
    return last.address();
  }

  private static String loginCookie(BrowserSession browser, URI answer) {
    var name = "__Host-rowlock-login-" + parameter(answer, "state").substring(0, 10);
    return name + "=" + browser.cookie(name);
  }

  private static String parameter(URI address, String name) {
    for (var pair : address.getRawQuery().split("&")) {
      if (pair.startsWith(name + "=")) {
        return java.net.URLDecoder.decode(
            pair.substring(name.length() + 1), java.nio.charset.StandardCharsets.UTF_8);
      }
    }
    return "";
  }
}
