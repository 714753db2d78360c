/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static rowlock.realm.RealmServer.JSON;
import static rowlock.realm.RealmServer.WEB_URL;
import static rowlock.realm.RealmServer.flow;
import static rowlock.realm.RealmServer.get;
import static rowlock.realm.RealmServer.issuer;
import static rowlock.realm.RealmServer.post;
import static rowlock.realm.RealmServer.realm;
import static rowlock.realm.RealmServer.register;
import static rowlock.realm.RealmServer.token;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.field.FieldReport;
import rowlock.local.login.BrowserSession;
import rowlock.local.login.Page;
import tools.jackson.databind.JsonNode;

/** Checks what every page and the metadata disclose. */
class PagesIT {
  // RFC 7636 appendix B
  private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  private static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/protocol/openid-connect/auth?client_id=task-cli&response_type=code&redirect_uri=http://127.0.0.1/"
            + "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256",
        "/protocol/openid-connect/auth?client_id=unknown&response_type=code",
        "/account"
      })
  void aPageCarriesEverySecurityHeader(String path) {
    var answer = get(issuer() + path);

    var headers = answer.headers();
    assertThat(headers.firstValue("Content-Security-Policy").orElse(""))
        .contains(
            "default-src 'self'", "frame-ancestors 'self'", "object-src 'none'", "base-uri 'none'")
        .doesNotContain("unsafe-eval", "http:", "https:", "*");
    assertThat(headers.firstValue("X-Frame-Options")).hasValue("SAMEORIGIN");
    assertThat(headers.firstValue("Strict-Transport-Security"))
        .hasValue("max-age=31536000; includeSubDomains");
    assertThat(headers.firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(headers.firstValue("Referrer-Policy")).hasValue("no-referrer");
    assertThat(headers.firstValue("X-Robots-Tag")).hasValue("none");
  }

  @FieldReport("https://github.com/p2-inc/keycloak-orgs/issues/233")
  @FieldReport("https://github.com/keycloak/keycloak/issues/32462")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/protocol/openid-connect/auth?client_id=unknown&response_type=code",
        "/protocol/openid-connect/auth?client_id=task-cli&response_type=code&redirect_uri=https://elsewhere.example/",
        "/protocol/openid-connect/logout?post_logout_redirect_uri=https://elsewhere.example/&client_id=task-cli",
        "/protocol/openid-connect/logout?id_token_hint=none",
        "/login-actions/action-token?key=none",
        "/login-actions/action-token",
        "/login-actions/authenticate",
        "/login-actions/authenticate?client_id=task-web&tab_id=none",
        "/login-actions/registration",
        "/login-actions/required-action",
        "/login-actions/first-broker-login",
        "/login-actions/detached-info",
        "/login-actions/reset-credentials?client_id=unknown",
        "/device/status",
        "/device/status?error=expired_token",
        "/device/status?error=access_denied",
        "/device/status?error=other",
        "/broker/unknown/endpoint",
        "/broker/google/endpoint",
        "/rowlock-end-session?key=none"
      })
  void finalPage_hasOneWorkingLinkOnward(String path) {
    for (var language : List.of("en", "de")) {
      var browser = new BrowserSession();
      browser.sendHeader("Accept-Language", language);
      var page = browser.open(URI.create(issuer() + path));

      assertThat(waysForward(page)).as(page.text()).hasSize(1);
      var onward = waysForward(page).get(0).absUrl("href");
      if (onward.startsWith(issuer())) {
        assertThat(page.open(URI.create(onward)).status()).as(onward).isEqualTo(200);
      } else {
        assertThat(onward).isEqualTo(WEB_URL + "/");
      }
    }
  }

  @Test
  void signOut_openedByALink_asksFirst_otherTabHasALinkOnward() {
    var person = register();
    var browser = flow().newBrowser();
    AppAccount.signIn(browser, person);
    var sessions = realm("/users/" + person.id() + "/sessions").size();

    var logout = URI.create(issuer() + "/protocol/openid-connect/logout");
    MailScanner.followAll(browser.open(logout));
    var tab = browser.open(logout);
    var otherTab = browser.open(logout);
    assertThat(realm("/users/" + person.id() + "/sessions")).hasSize(sessions);

    assertThat(waysForward(tab.press("confirmLogout"))).hasSize(1);
    assertThat(realm("/users/" + person.id() + "/sessions")).hasSize(sessions - 1);
    var late = otherTab.press("confirmLogout");
    assertThat(waysForward(late)).as(late.text()).hasSize(1);
  }

  @Test
  void codeOfADevice_openedByALink_asksFirst() {
    var person = register();
    var browser = flow().newBrowser();
    AppAccount.signIn(browser, person);
    var device = deviceAuthorization();

    MailScanner.open(URI.create(device.path("verification_uri_complete").asString()));
    var page = browser.open(URI.create(device.path("verification_uri_complete").asString()));
    assertThat(deviceToken(device)).contains("authorization_pending");

    var done = page.press("accept");
    assertThat(waysForward(done)).as(done.text()).hasSize(1);
    // a device may poll every five seconds
    await()
        .pollInterval(Duration.ofSeconds(6))
        .atMost(Duration.ofMinutes(1))
        .until(() -> deviceToken(device).contains("access_token"));
  }

  private static JsonNode deviceAuthorization() {
    return JSON.readTree(
        post(
                "/protocol/openid-connect/auth/device",
                Map.of(
                    "client_id", "task-cli",
                    "code_challenge", CHALLENGE,
                    "code_challenge_method", "S256"))
            .body());
  }

  private static String deviceToken(JsonNode device) {
    return token(
            Map.of(
                "client_id",
                "task-cli",
                "grant_type",
                "urn:ietf:params:oauth:grant-type:device_code",
                "device_code",
                device.path("device_code").asString(),
                "code_verifier",
                VERIFIER))
        .body();
  }

  /** Returns links and forms below the heading. */
  private static List<Element> waysForward(Page page) {
    return page.document().select("main a[href], main form");
  }

  @Test
  void metadata_matchesTheRealm() {
    var metadata = JSON.readTree(get(issuer() + "/.well-known/openid-configuration").body());

    assertThat(metadata.path("issuer").asString()).isEqualTo(issuer());
    assertThat(metadata.path("authorization_response_iss_parameter_supported").asBoolean())
        .isTrue();
    assertThat(metadata.path("backchannel_logout_session_supported").asBoolean()).isTrue();
    assertThat(metadata.path("code_challenge_methods_supported").toString()).contains("S256");
    assertThat(metadata.path("dpop_signing_alg_values_supported").toString()).contains("ES256");
    assertThat(metadata.path("token_endpoint_auth_methods_supported").toString())
        .contains("private_key_jwt");
    for (var endpoint :
        new String[] {
          "authorization_endpoint",
          "token_endpoint",
          "jwks_uri",
          "end_session_endpoint",
          "revocation_endpoint"
        }) {
      assertThat(metadata.path(endpoint).asString()).startsWith(issuer() + "/");
    }
  }

  @Test
  void theRealmHasTheDeclaredKeysAndNoOthers() {
    var keys = realm("/keys");

    assertThat(keys.path("active").path("PS256").isString()).isTrue();
    assertThat(keys.path("keys"))
        .extracting((JsonNode key) -> key.path("algorithm").asString())
        .containsExactlyInAnyOrder("PS256", "HS512", "AES");
  }
}
