/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static rowlock.keycloak.login.GuessingRealm.PASSWORD;
import static rowlock.keycloak.login.GuessingRealm.newAddress;
import static rowlock.keycloak.login.GuessingRealm.newIp;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.keycloak.login.GuessingRealm;
import rowlock.local.login.Page;

/** Attempts to bypass the limits, and requests that must not be limited. */
class GuessLimitBypassIT {
  private static final int PER_ADDRESS = 8;
  private static final int PER_ACCOUNT = 4;
  private static final int NETWORKS = 10;
  private static final String FORM = "application/x-www-form-urlencoded";

  private static final String TOKEN = "protocol/openid-connect/token";
  private static final String SECRET =
      "grant_type=client_credentials&client_id=service&client_secret=";

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static GuessingRealm realm;

  @BeforeAll
  static void start() {
    realm = GuessingRealm.shared();
  }

  @Test
  void formWithoutPassword_countsAsAttempt() {
    var name = newAddress();
    for (var guess = 0; guess < PER_ACCOUNT; guess++) {
      assertThat(withoutPassword(newIp(), name).status()).isEqualTo(200);
    }

    assertThat(withoutPassword(newIp(), name).status()).isEqualTo(429);
  }

  @Test
  void ipv6Site_hasFailuresOfTenNetworks() {
    var site = "2001:db8:%x:".formatted(ThreadLocalRandom.current().nextInt(1, 0xffff));
    for (var network = 0; network < NETWORKS; network++) {
      exhaust(site + network + "::1");
    }

    assertThat(withSecret(site + "ffff::1", "wrong")).isEqualTo(429);
    assertThat(withSecret(newIp(), "wrong")).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET clients-registrations/install/service",
        "POST clients-managements/register-node",
        "POST clients-managements/unregister-node",
        "POST broker/none/token",
        "POST rowlock-events/changes"
      })
  void secret_atEveryEndpoint_isLimited(String endpoint) {
    var ip = newIp();
    exhaust(ip);
    var parts = endpoint.split(" ");
    var basic =
        Base64.getEncoder().encodeToString("service:a-long-secret-of-the-service".getBytes(UTF_8));

    assertThat(
            status(
                request(parts[1], ip)
                    .header("Authorization", "Basic " + basic)
                    .method(parts[0], BodyPublishers.noBody())))
        .isEqualTo(429);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        FORM + ";charset=IBM037",
        FORM + "; charset=\"utf-16\"",
        FORM + "; charset=utf-8; charset=IBM037",
        FORM + "; x=y; CHARSET=IBM037"
      })
  void ambiguousForm_isRejected(String type) {
    // only a server that decodes it as EBCDIC reads it as "client_secret"
    var body = "grant_type=client_credentials&%83%93%89%85%95%a3%6d%a2%85%83%99%85%a3=wrong";

    assertThat(
            status(
                request("protocol/openid-connect/token", newIp())
                    .header("Content-Type", type)
                    .POST(BodyPublishers.ofString(body))))
        .isEqualTo(415);
  }

  @Test
  void formInUtf8_isAccepted() {
    assertThat(
            status(
                request("protocol/openid-connect/token", newIp())
                    .header("Content-Type", FORM + "; charset=UTF-8")
                    .POST(
                        BodyPublishers.ofString(
                            "grant_type=client_credentials&client_id=service&client_secret=a-long-secret-of-the-service"))))
        .isEqualTo(200);
  }

  @Test
  void assertion_withPrivateKey_isNotLimited_withSecretIs() {
    var ip = newIp();
    exhaust(ip);

    for (var algorithm : List.of("PS256", "ES256", "RS256")) {
      assertThat(withAssertion(ip, algorithm)).as(algorithm).isIn(400, 401);
    }
    for (var algorithm : List.of("HS256", "HS512")) {
      assertThat(withAssertion(ip, algorithm)).as(algorithm).isEqualTo(429);
    }
  }

  @Test
  void exemptNetwork_isCountedByNameOnly() {
    var ip = "198.19.%d.7".formatted(ThreadLocalRandom.current().nextInt(256));
    for (var failure = 0; failure < 2 * PER_ADDRESS; failure++) {
      assertThat(withSecret(ip, "wrong")).isEqualTo(401);
    }
    var user = realm.user();
    assertThat(realm.signIn(ip, user, PASSWORD).callback()).isNotNull();
    for (var guess = 0; guess < PER_ACCOUNT; guess++) {
      assertThat(realm.signIn(ip, user, "wrong").status()).isEqualTo(200);
    }
    assertThat(realm.signIn(ip, user, PASSWORD).status()).isEqualTo(429);
  }

  /** Headers that the server's own parser accepts as HTTP Basic (RFC 7617). */
  @ParameterizedTest
  @ValueSource(strings = {"Basic ", "bAsIc ", "Basic:", "Basic\t", "Basic=", "Basic  "})
  void headerThatTheServerTakesForBasic_isLimited(String scheme) {
    var ip = newIp();
    for (var guess = 0; guess < PER_ADDRESS; guess++) {
      assertThat(withBasic(ip, scheme, "wrong")).isEqualTo(401);
    }

    assertThat(withBasic(ip, scheme, "a-long-secret-of-the-service")).isEqualTo(429);
  }

  @Test
  void credentialsThatCannotBeDecoded_areABadRequest() {
    assertThat(withBasic(newIp(), "Basic ", "%zz")).isEqualTo(400);
  }

  @Test
  void eventsEndpoint_countsWrongSecrets() {
    var ip = newIp();
    for (var guess = 0; guess < PER_ADDRESS; guess++) {
      assertThat(status(form("rowlock-events/changes", ip, SECRET + "wrong"))).isEqualTo(401);
    }

    assertThat(status(form("rowlock-events/changes", ip, SECRET + "wrong"))).isEqualTo(429);
  }

  @Test
  void failuresOfClient_doNotCountForPasswordsOrOtherClients() {
    var ip = newIp();
    exhaust(ip);

    assertThat(realm.signIn(ip, realm.user(), PASSWORD).callback()).isNotNull();
    assertThat(
            status(
                form(
                    TOKEN,
                    ip,
                    "grant_type=client_credentials&client_id=other-service&client_secret=a-long-secret-of-the-other-service")))
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"client_id=%zz", "client_id=a\u00e9", "%=1"})
  void formThatCannotBeDecoded_isABadRequest(String body) {
    assertThat(status(form(TOKEN, newIp(), body))).isEqualTo(400);
  }

  @Test
  void formThatIsTooLarge_isRefusedBeforeItIsRead() {
    assertThat(status(form(TOKEN, newIp(), "a=" + "b".repeat(300_000)))).isEqualTo(413);
  }

  @Test
  void multipartForm_isRejected() {
    assertThat(
            status(
                request("clients-managements/register-node", newIp())
                    .header("Content-Type", "multipart/form-data; boundary=x")
                    .POST(BodyPublishers.ofString("--x--"))))
        .isEqualTo(415);
  }

  @Test
  void nulInCredential_isNotAServerError() {
    assertThat(
            status(
                form(TOKEN, newIp(), "client_id=a%00b&client_secret=x")
                    .header("Origin", "https://other.example.org")))
        .isLessThan(500);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
        "Origin: https://other.example.org",
        "Origin: null"
      })
  void crossSiteForm_isRefusedAndDoesNotCount(String header) {
    var ip = newIp();
    var parts = header.split(": ");
    for (var body :
        List.of(
            SECRET + "wrong", "client_id=limited-app&grant_type=password&username=a&password=b")) {
      for (var request = 0; request <= PER_ADDRESS; request++) {
        assertThat(status(form(TOKEN, ip, body).header(parts[0], parts[1]))).isEqualTo(403);
      }
    }

    assertThat(withSecret(ip, "a-long-secret-of-the-service")).isEqualTo(200);
    assertThat(realm.directGrant(ip, realm.user(), PASSWORD).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cross-site", ""})
  void crossOriginRequest_ofAWebOriginOfTheClient_isAnswered(String site) {
    var user = realm.user();
    var request =
        form(
                TOKEN,
                newIp(),
                "client_id=limited-app&grant_type=password&username="
                    + user
                    + "&password="
                    + PASSWORD)
            .header("Origin", "https://app.example.org");

    assertThat(status(site.isEmpty() ? request : request.header("Sec-Fetch-Site", site)))
        .isEqualTo(200);
  }

  @Test
  void formThatNamesNoClient_doesNotCountForItsAddress() {
    var ip = newIp();
    for (var request = 0; request <= PER_ADDRESS; request++) {
      assertThat(status(form(TOKEN, ip, "client_id=none&client_secret=x&grant_type=x")))
          .isIn(400, 401);
    }

    assertThat(realm.signIn(ip, realm.user(), PASSWORD).callback()).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"image", "iframe", "empty"})
  void deviceCodeInASubresource_isRefusedAndDoesNotCount(String destination) {
    var ip = newIp();
    var mode = destination.equals("iframe") ? "navigate" : "no-cors";
    for (var request = 0; request <= PER_ADDRESS; request++) {
      assertThat(status(device(ip, mode, destination))).isEqualTo(403);
    }

    assertThat(status(device(ip, "navigate", "document"))).isEqualTo(200);
  }

  @Test
  void deviceCodeInAForeignForm_isRefused() {
    assertThat(
            status(
                form("device", newIp(), "device_user_code=AAAA-AAAA")
                    .header("Origin", "https://other.example.org")))
        .isEqualTo(403);
  }

  @Test
  void crossSiteLoginForm_withoutTheLoginsCookie_doesNotCount() {
    var ip = newIp();
    var name = realm.user();
    for (var request = 0; request <= PER_ADDRESS; request++) {
      status(
          form(
              "login-actions/authenticate?client_id=limited-app&session_code=x&execution=x&tab_id=x",
              ip,
              "username=" + name + "&password=wrong"));
    }

    assertThat(realm.signIn(ip, name, PASSWORD).callback()).isNotNull();
  }

  @Test
  void passkeyResponses_countForTheirAddress() {
    var ip = newIp();
    for (var answer = 0; answer < PER_ADDRESS; answer++) {
      assertThat(passkeyAnswer(loginPage(ip), "authenticatorData=*&userHandle=").status())
          .isEqualTo(200);
    }

    assertThat(passkeyAnswer(loginPage(ip), "error=x&userHandle=").status()).isEqualTo(429);
    assertThat(realm.signIn(ip, realm.user(), PASSWORD).status()).isEqualTo(429);
  }

  @Test
  void passkeyResponses_lockNoAccount() {
    var user = realm.user();
    var ip = newIp();
    for (var answer : List.of("error=x", "error=x&userHandle=", "authenticatorData=&userHandle=")) {
      passkeyAnswer(loginPage(ip), answer + "&username=" + user + "&password=");
      passkeyAnswer(loginPage(ip), answer + "&username=" + user + "&password=wrong");
    }
    var tried = realm.signIn(ip, user, "wrong");
    tried = passkeyAnswer(tried, "error=x&userHandle=");
    passkeyAnswer(tried, "authenticatorData=AA&userHandle=");

    // one wrong password, and the server itself locks after two
    assertThat(realm.signIn(newIp(), user, PASSWORD).callback()).isNotNull();
  }

  /** Submits the login page's form with other fields, as the page's script does. */
  static Page passkeyAnswer(Page page, String fields) {
    var form = page.document().getElementById("kc-form-login");
    form.select("input").remove();
    var sent = new HashMap<String, String>();
    for (var field : fields.split("&")) {
      var parts = field.split("=", 2);
      form.appendElement("input").attr("type", "hidden").attr("name", parts[0]);
      sent.put(parts[0], URLDecoder.decode(parts[1], UTF_8));
    }
    return page.submit("kc-form-login", sent);
  }

  private static Page loginPage(String ip) {
    return realm.flow().begin(realm.browserAt(ip)).loginPage();
  }

  private static HttpRequest.Builder device(String ip, String mode, String destination) {
    return request("device?user_code=AAAA-AAAA", ip)
        .header("Sec-Fetch-Site", "cross-site")
        .header("Sec-Fetch-Mode", mode)
        .header("Sec-Fetch-Dest", destination)
        .GET();
  }

  private static HttpRequest.Builder form(String path, String ip, String body) {
    return request(path, ip)
        .header("Content-Type", FORM)
        .POST(BodyPublishers.ofString(body, UTF_8));
  }

  private static int withBasic(String ip, String scheme, String secret) {
    var credentials = Base64.getEncoder().encodeToString(("service:" + secret).getBytes(UTF_8));
    return status(
        form(TOKEN, ip, "grant_type=client_credentials")
            .header("Authorization", scheme + credentials));
  }

  private static Page withoutPassword(String ip, String name) {
    var page = realm.flow().begin(realm.browserAt(ip)).loginPage();
    page.document().select("[name=password]").attr("name", "nothing");
    return page.submit("kc-form-login", Map.of("username", name));
  }

  private static void exhaust(String ip) {
    for (var failure = 0; failure < PER_ADDRESS; failure++) {
      assertThat(withSecret(ip, "wrong")).isEqualTo(401);
    }
  }

  private static int withSecret(String ip, String secret) {
    return realm
        .post(
            "token",
            ip,
            Map.of(
                "grant_type",
                "client_credentials",
                "client_id",
                "service",
                "client_secret",
                secret))
        .statusCode();
  }

  private static int withAssertion(String ip, String algorithm) {
    return realm
        .post(
            "token",
            ip,
            Map.of(
                "grant_type",
                "client_credentials",
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion",
                base64("{\"alg\":\"" + algorithm + "\"}")
                    + "."
                    + base64("{\"iss\":\"service\",\"sub\":\"service\"}")
                    + "."
                    + base64("signature")))
        .statusCode();
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }

  private static HttpRequest.Builder request(String path, String ip) {
    return HttpRequest.newBuilder(URI.create(realm.issuer() + "/" + path))
        .header("X-Forwarded-For", ip);
  }

  private static int status(HttpRequest.Builder request) {
    try {
      return HTTP.send(request.build(), BodyHandlers.discarding()).statusCode();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
