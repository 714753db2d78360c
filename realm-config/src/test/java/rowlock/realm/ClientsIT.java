/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static rowlock.realm.RealmServer.JSON;
import static rowlock.realm.RealmServer.PASSWORD;
import static rowlock.realm.RealmServer.WEB_URL;
import static rowlock.realm.RealmServer.authorization;
import static rowlock.realm.RealmServer.claims;
import static rowlock.realm.RealmServer.get;
import static rowlock.realm.RealmServer.issuer;
import static rowlock.realm.RealmServer.realm;
import static rowlock.realm.RealmServer.register;
import static rowlock.realm.RealmServer.token;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.local.login.BrowserSession;
import rowlock.local.login.DpopKey;
import rowlock.local.login.Page;

/** Checks the permissions of each client at the real endpoints. */
class ClientsIT {
  private static final String CALLBACK = "http://127.0.0.1:9123/callback";
  // RFC 7636 appendix B
  private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  private static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

  @ParameterizedTest
  @ValueSource(
      strings = {
        CALLBACK,
        "http://127.0.0.1/",
        "http://127.0.0.1:1/",
        "http://127.0.0.1:65535/any/path"
      })
  void loopbackRedirect_anyPort_isAccepted(String redirect) {
    assertThat(open(Map.of("redirect_uri", redirect)).hasForm("kc-form-login")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://evil.example/",
        "http://127.0.0.1:1@evil.example/",
        "http://127.0.0.1@evil.example/callback",
        "http://user@127.0.0.1:9123/callback",
        "http://127.0.0.1.evil.example/callback",
        "http://127.0.0.1%2eevil.example/",
        "http://evil.example/?http://127.0.0.1/",
        "http://evil.example#http://127.0.0.1/",
        "http://127.0.0.1\\@evil.example/",
        "http://127.0.0.1:9123\\@evil.example/",
        "http://127.0.0.1:evil.example/",
        "https://127.0.0.1:9123/callback",
        "HTTP://127.0.0.1:9123/callback",
        "//127.0.0.1:9123/callback",
        "myapp://127.0.0.1/callback",
        "javascript:alert(1)//127.0.0.1/",
        "data:text/html,x",
        "http://localhost:9123/callback",
        "http://[::1]:9123/callback",
        "http://127.0.0.2:9123/callback",
        "http://127.1:9123/callback",
        "http://2130706433:9123/callback",
        "http://0x7f000001:9123/callback",
        "http://127.0.0.1:9123/../callback",
        "http://127.0.0.1:9123/%2e%2e/callback",
        "http://127.0.0.1:9123/callback?code=planted",
        "http://127.0.0.1 .evil.example/"
      })
  void otherRedirect_isRefusedWithoutRedirecting(String redirect) {
    var page = open(Map.of("redirect_uri", redirect));

    assertThat(page.status()).isEqualTo(400);
    assertThat(page.address().toString()).startsWith(issuer());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/login/oauth2/code/rowlock/x",
        "/login/oauth2/code/rowlock?a=b",
        "/login/oauth2/code/rowlock#a",
        "/login/oauth2/code/",
        "/",
        "/login/oauth2/code/ROWLOCK"
      })
  void webClient_otherRedirectPath_isRefused(String path) {
    assertThat(open(web("/login/oauth2/code/rowlock")).hasForm("kc-form-login")).isTrue();
    assertThat(open(web(path)).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({"'',''", "plain," + VERIFIER, "S256,''", "'','" + CHALLENGE + "'", "S256,short"})
  void request_withoutValidChallenge_isRefused(String method, String challenge) {
    assertThat(error(open(Map.of("code_challenge_method", method, "code_challenge", challenge))))
        .isEqualTo("invalid_request");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "token",
        "id_token",
        "id_token token",
        "code token",
        "code id_token",
        "code id_token token"
      })
  void responseType_otherThanCode_isRefused(String type) {
    var answer = get(authorization(parameters(Map.of("response_type", type))).toString());

    assertThat(answer.headers().firstValue("Location").orElse(""))
        .contains("error=")
        .doesNotContain("access_token=", "id_token=", "code=");
    assertThat(answer.statusCode()).isEqualTo(302);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"openid offline_access", "openid roles", "openid phone", "openid nonsense"})
  void aScopeThatTheClientDoesNotNeedIsRefused(String scope) {
    assertThat(error(open(Map.of("scope", scope)))).isEqualTo("invalid_scope");
  }

  static Stream<String> clients() {
    return realm("/clients").valueStream().map(client -> client.path("clientId").asString());
  }

  @ParameterizedTest
  @MethodSource("clients")
  void noClientGetsATokenForItself(String client) {
    assertThat(token(Map.of("grant_type", "client_credentials", "client_id", client)).statusCode())
        .isIn(400, 401);
    assertThat(
            token(
                    Map.of(
                        "grant_type",
                        "client_credentials",
                        "client_id",
                        client,
                        "client_secret",
                        "guess"))
                .statusCode())
        .isIn(400, 401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"account", "admin-cli", "security-admin-console", "broker"})
  void builtInClient_withoutGrant_allowsNoLogin(String client) {
    var answer =
        get(
            authorization(
                    parameters(Map.of("client_id", client, "redirect_uri", issuer() + "/account/")))
                .toString());

    assertThat(answer.statusCode()).isIn(302, 400, 403);
    assertThat(answer.headers().firstValue("Location").orElse("error=")).contains("error=");
    assertThat(answer.body()).doesNotContain("kc-form-login");
  }

  @ParameterizedTest
  @ValueSource(strings = {"openid offline_access", "openid phone", "openid organization"})
  void accountConsole_otherScope_isRefused(String scope) {
    var answer =
        get(
            authorization(
                    parameters(
                        Map.of(
                            "client_id",
                            "account-console",
                            "redirect_uri",
                            issuer() + "/account/",
                            "scope",
                            scope)))
                .toString());

    assertThat(answer.headers().firstValue("Location").orElse("")).contains("error=invalid_scope");
  }

  @Test
  void accountConsole_withoutChallenge_getsNoCode() {
    var answer =
        get(
            authorization(
                    parameters(
                        Map.of(
                            "client_id", "account-console",
                            "redirect_uri", issuer() + "/account/",
                            "code_challenge", "",
                            "code_challenge_method", "")))
                .toString());

    assertThat(answer.headers().firstValue("Location").orElse(""))
        .contains("error=invalid_request");
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "openid-connect"})
  void noRequestRegistersAClient(String kind) throws Exception {
    var address = URI.create(issuer() + "/clients-registrations/" + kind);
    var answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(address)
                    .header("Content-Type", "application/json")
                    .POST(
                        BodyPublishers.ofString(
                            kind.equals("default")
                                ? "{\"clientId\":\"registered\",\"redirectUris\":[\"http://127.0.0.1/\"]}"
                                : "{\"redirect_uris\":[\"http://127.0.0.1/\"]}"))
                    .build(),
                BodyHandlers.ofString());

    assertThat(answer.statusCode()).isIn(401, 403);
  }

  @Test
  void taskApi_allowsNoLogin() {
    assertThat(open(Map.of("client_id", "task-api")).status()).isEqualTo(403);
  }

  @Test
  void webClient_withoutItsKey_isRefused() {
    var answer =
        token(
            Map.of(
                "grant_type",
                "authorization_code",
                "client_id",
                "task-web",
                "code",
                "x",
                "redirect_uri",
                WEB_URL + "/login/oauth2/code/rowlock",
                "code_verifier",
                VERIFIER));

    assertThat(error(answer)).isEqualTo("invalid_client");
  }

  @Test
  void code_isValidOnceAndWithItsVerifierOnly() {
    var person = register();

    assertThat(error(token(exchange(code(person), "x".repeat(43))))).isEqualTo("invalid_grant");
    var withoutVerifier = new HashMap<>(exchange(code(person), VERIFIER));
    withoutVerifier.remove("code_verifier");
    assertThat(error(token(withoutVerifier))).isEqualTo("invalid_grant");
    var code = code(person);
    assertThat(token(exchange(code, VERIFIER)).statusCode()).isEqualTo(200);
    assertThat(error(token(exchange(code, VERIFIER)))).isEqualTo("invalid_grant");
  }

  @Test
  void token_withProof_isBoundToTheKey_withoutOneIsBearer() {
    var person = register();
    var key = DpopKey.generate();
    var endpoint = URI.create(issuer() + "/protocol/openid-connect/token");

    var bound =
        JSON.readTree(
            token(exchange(code(person), VERIFIER), "DPoP", key.proof("POST", endpoint)).body());
    var bearer = JSON.readTree(token(exchange(code(person), VERIFIER)).body());

    assertThat(bound.path("token_type").asString()).isEqualTo("DPoP");
    assertThat(claims(bound.path("access_token").asString()).at("/cnf/jkt").asString())
        .isEqualTo(key.thumbprint());
    assertThat(bearer.path("token_type").asString()).isEqualTo("Bearer");
    assertThat(claims(bearer.path("access_token").asString()).has("cnf")).isFalse();
    // a stolen refresh token is unusable without the key
    var refresh =
        Map.of(
            "grant_type",
            "refresh_token",
            "client_id",
            "task-cli",
            "refresh_token",
            bound.path("refresh_token").asString());
    assertThat(token(refresh).statusCode()).isEqualTo(400);
    assertThat(token(refresh, "DPoP", DpopKey.generate().proof("POST", endpoint)).statusCode())
        .isEqualTo(400);
    assertThat(token(refresh, "DPoP", key.proof("POST", endpoint)).statusCode()).isEqualTo(200);
  }

  private static Map<String, String> web(String path) {
    return Map.of("client_id", "task-web", "redirect_uri", WEB_URL + path);
  }

  private static Map<String, String> exchange(String code, String verifier) {
    return Map.of(
        "grant_type",
        "authorization_code",
        "client_id",
        "task-cli",
        "code",
        code,
        "redirect_uri",
        CALLBACK,
        "code_verifier",
        verifier);
  }

  private static String code(RealmServer.Person person) {
    return callback(
            open(Map.of())
                .submit(
                    "kc-form-login", Map.of("username", person.address(), "password", PASSWORD)))
        .get("code");
  }

  private static Map<String, String> parameters(Map<String, String> changed) {
    var parameters =
        new HashMap<>(
            Map.of(
                "client_id",
                "task-cli",
                "response_type",
                "code",
                "scope",
                "openid",
                "redirect_uri",
                CALLBACK,
                "state",
                "s",
                "nonce",
                "n",
                "code_challenge",
                CHALLENGE,
                "code_challenge_method",
                "S256"));
    parameters.putAll(changed);
    parameters.values().removeIf(String::isEmpty);
    return parameters;
  }

  private static Page open(Map<String, String> changed) {
    return new BrowserSession(URI.create(CALLBACK)).open(authorization(parameters(changed)));
  }

  private static String error(Page page) {
    return callback(page).get("error");
  }

  private static Map<String, String> callback(Page page) {
    return Objects.requireNonNull(page.callback(), page::text);
  }

  private static String error(HttpResponse<String> answer) {
    return JSON.readTree(answer.body()).path("error").asString();
  }
}
