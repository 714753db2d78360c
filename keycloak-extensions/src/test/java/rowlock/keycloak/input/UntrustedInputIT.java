/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.input;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.field.FieldReport;
import rowlock.keycloak.login.GuessingRealm;
import rowlock.local.testing.TestServers;
import tools.jackson.databind.json.JsonMapper;

/** Requests that no browser and no client sends, to a real server. */
class UntrustedInputIT {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String OIDC = "/realms/" + GuessingRealm.REALM + "/protocol/openid-connect";
  private static final int MORE_THAN_WORKERS = 60;

  /** A line of the security log as the server writes it, in both formats. */
  private static final String FORGED =
      """
      x\r
      2026-01-02 03:04:05,678 INFO  [rowlock.audit] (executor-thread-1) {"kind":"identity","event":"LOGIN","outcome":"success","user_id":"forged"}
      {"loggerName":"rowlock.audit","level":"INFO","message":"{\\"event\\":\\"LOGIN\\",\\"user_id\\":\\"forged\\"}"}
      \u001b[2J\u202e\u2066\u2028\u2029\u0085\u007f\
      """;

  private static GuessingRealm realm;

  @BeforeAll
  static void start() {
    realm = GuessingRealm.shared();
  }

  static Stream<String> malformedTargets() {
    var realmPath = "/realms/" + GuessingRealm.REALM;
    return Stream.of(
        "/realms/a%00b/account",
        "/.well-known/oauth-authorization-server/realms/%00",
        "/resources/a%00b/login/en",
        "/admin/%00/console",
        realmPath + "/broker/a%00b/endpoint",
        realmPath + "/broker/google/endpoint?state=a.b.c.d",
        realmPath + "/protocol/saml/clients/%00",
        realmPath + "/clients-registrations/default/a%00b",
        realmPath + "/device?user_code=%00",
        realmPath + "/account/?referrer=a%00b",
        realmPath + "/login-actions/authenticate?client_id=a%00b&tab_id=x",
        realmPath + "/login-actions/action-token?key=%00",
        realmPath + "/login-actions/reset-credentials?client_id=limited-app&kc_locale=a%0Ab",
        realmPath + "/rowlock-end-session?token=%00",
        OIDC + "/auth?client_id=a%00b",
        OIDC + "/auth?client_id=%zz",
        OIDC + "/auth?client_id=%ff%fe",
        OIDC + "/auth?client_id=%ed%a0%80",
        OIDC + "/auth?a%00b=1&client_id=limited-app",
        OIDC + "/logout?client_id=a%00b",
        OIDC + "/userinfo?access_token=bnVsbA.bnVsbA.AA");
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/41117")
  @ParameterizedTest
  @MethodSource("malformedTargets")
  void get_malformedTarget_isRejectedWithoutLog(String target) throws IOException {
    assertRejected("GET", target, "X-Test: 1", "");
  }

  static Stream<String> targetsOfOtherMethods() {
    var realmPath = "/realms/" + GuessingRealm.REALM;
    return Stream.of(
        "/",
        "/nowhere",
        "/admin",
        "/admin/",
        "/admin/nowhere",
        "/admin/realms",
        "/admin/realms/" + GuessingRealm.REALM + "/users",
        "/admin/serverinfo",
        "/admin/" + GuessingRealm.REALM + "/console",
        "/admin/" + GuessingRealm.REALM + "/console/config",
        "/resources/nowhere",
        "/.well-known/openid-configuration",
        realmPath,
        realmPath + "/account",
        realmPath + "/account/credentials",
        realmPath + "/account/nowhere",
        realmPath + "/broker/google/login",
        realmPath + "/clients-registrations/openid-connect",
        realmPath + "/device",
        realmPath + "/login-actions/authenticate",
        realmPath + "/login-actions/registration",
        realmPath + "/login-actions/nowhere",
        realmPath + "/protocol/saml",
        realmPath + "/rowlock-end-session",
        realmPath + "/.well-known/openid-configuration",
        OIDC + "/auth",
        OIDC + "/auth/device",
        OIDC + "/certs",
        OIDC + "/ext/par/request",
        OIDC + "/logout",
        OIDC + "/login-status-iframe.html",
        OIDC + "/nowhere",
        OIDC + "/revoke",
        OIDC + "/token",
        OIDC + "/token/introspect",
        OIDC + "/userinfo");
  }

  @ParameterizedTest
  @MethodSource("targetsOfOtherMethods")
  void otherMethods_everyTarget_causeNoError(String target) throws IOException {
    for (var method : List.of("OPTIONS", "HEAD", "TRACE", "PUT", "PATCH", "DELETE", "FOO")) {
      var before = begun(0).size();

      var answer = send(method, target, "Origin: https://shop.example", "");

      assertThat(status(answer)).as(method + " " + target).isLessThan(500);
      assertThat(begun(before))
          .as(method + " " + target)
          .noneMatch(line -> line.contains("\"exception\":") || line.contains("\"stackTrace\":"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/token",
        "/token/introspect",
        "/revoke",
        "/logout",
        "/auth",
        "/auth/device",
        "/ext/par/request",
        "/ext/ciba/auth",
        "/userinfo",
        "/logout/backchannel-logout"
      })
  void post_malformedBody_isRejectedWithoutLog(String endpoint) throws IOException {
    for (var body :
        List.of(
            "client_id=a%00b",
            "a%00=1&client_id=limited-app",
            "client_id=%zz",
            "client_id=%",
            "client_id=%ff",
            "client_id=%ed%a0%80",
            "client_id=limited-app&client_assertion=bnVsbA.bnVsbA.AA",
            "a=1&".repeat(1_000) + "a=1")) {
      assertRejected("POST", OIDC + endpoint, "Content-Type: " + FORM, body);
    }
    for (var type :
        List.of(
            "nonsense",
            "application/",
            ";",
            "multipart/form-data; boundary=x",
            FORM + ";charset=utf-16")) {
      assertRejected("POST", OIDC + endpoint, "Content-Type: " + type, "a=b");
    }
    assertRejected(
        "POST", OIDC + endpoint, "Content-Type: application/json", "{\"client_id\":\"a\\u0000b\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization: Bearer bnVsbA.bnVsbA.AA",
        "Authorization: DPoP bnVsbA.bnVsbA.AA",
        "X-Forwarded-Proto: *",
        "X-Forwarded-Host: a b<",
        "X-Forwarded-Host: a b"
      })
  void get_malformedHeader_isRejectedWithoutLog(String header) throws IOException {
    assertRejected("GET", OIDC + "/userinfo", header, "");
  }

  @Test
  void device_unexpectedTypes_areAnswered() throws IOException {
    var realmPath = "/realms/" + GuessingRealm.REALM;
    assertRejected("POST", realmPath + "/device", "Content-Type: application/json", "{}");
    assertThat(
            status(
                send(
                    "POST",
                    OIDC + "/auth/device",
                    "Accept: x\r\nContent-Type: " + FORM,
                    "client_id=limited-app")))
        .isLessThan(500);
  }

  @Test
  void clientThatOffersHttp2_isAnsweredInHttp1() throws IOException, InterruptedException {
    try (var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      var answer =
          http.send(
              HttpRequest.newBuilder(realm.server().url().resolve(OIDC + "/token"))
                  .header("Content-Type", FORM)
                  .POST(BodyPublishers.ofString("grant_type=none&client_id=limited-app"))
                  .build(),
              BodyHandlers.ofString());

      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("unsupported_grant_type");
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    }
  }

  @Test
  void bodyTooLarge_isRejected() throws IOException {
    assertThat(
            status(
                send("POST", OIDC + "/token", "Content-Type: " + FORM, "a=" + "x".repeat(1 << 20))))
        .isEqualTo(413);
  }

  @Test
  void incompleteBodies_moreThanWorkers_othersAreAnswered() throws IOException {
    var sockets = new ArrayList<Socket>();
    try {
      for (var i = 0; i < MORE_THAN_WORKERS; i++) {
        var socket = connect();
        sockets.add(socket);
        socket
            .getOutputStream()
            .write(head("POST", OIDC + "/token", "Content-Type: " + FORM, 1_000).getBytes(UTF_8));
      }

      var answer =
          realm.post(
              "token",
              GuessingRealm.newIp(),
              Map.of("grant_type", "none", "client_id", "limited-app"));

      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(status(statusLine(sockets.getFirst()))).isEqualTo(408);
    } finally {
      for (var socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void bodiesOfOneNetwork_exceedItsShare_othersAreAnswered() {
    // on a busy machine, the first bodies can time out before the last one is sent
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(this::rejectsOneOfNineBodiesAndAnswersOthers);
  }

  private void rejectsOneOfNineBodiesAndAnswersOthers() throws IOException {
    var network = GuessingRealm.newIp();
    var sockets = new ArrayList<Socket>();
    try {
      var part = "x".repeat(1_000_000).getBytes(UTF_8);
      for (var i = 0; i < 9; i++) {
        var socket = connect();
        sockets.add(socket);
        var out = socket.getOutputStream();
        out.write(head(network, OIDC + "/token", part.length + 1).getBytes(UTF_8));
        out.write(part);
      }

      var other =
          realm.post(
              "token",
              GuessingRealm.newIp(),
              Map.of("grant_type", "none", "client_id", "limited-app"));
      assertThat(other.statusCode()).isEqualTo(400);
      // several threads receive: the timed-out one need not be the last one sent
      var statuses = new ArrayList<Integer>();
      for (var socket : sockets) {
        statuses.add(status(statusLine(socket)));
      }
      assertThat(statuses).contains(503).containsOnly(408, 503);
    } finally {
      for (var socket : sockets) {
        socket.close();
      }
    }
  }

  private static String head(String network, String target, int length) {
    return "POST %s HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
        .formatted(target, network, FORM, length);
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/52103")
  @Test
  void hostileText_inEveryField_forgesNoLine() throws IOException {
    var fields =
        List.of(
            "error",
            "username",
            "password",
            "credentialId",
            "email",
            "firstName",
            "lastName",
            "password-confirm",
            "client_id",
            "client_secret",
            "grant_type",
            "scope",
            "code",
            "refresh_token",
            "token",
            "redirect_uri",
            "state",
            "id_token_hint",
            "logout_token",
            "post_logout_redirect_uri",
            "device_user_code",
            "user_code",
            "login_hint",
            "kc_action_status",
            "clientDataJSON",
            "authenticatorData",
            "signature",
            "execution");
    var body =
        fields.stream()
            .map(field -> field + "=" + URLEncoder.encode(FORGED, UTF_8))
            .collect(Collectors.joining("&"));
    var realmPath = "/realms/" + GuessingRealm.REALM;
    for (var endpoint :
        List.of(
            OIDC + "/token",
            OIDC + "/token/introspect",
            OIDC + "/revoke",
            OIDC + "/logout",
            OIDC + "/auth",
            OIDC + "/auth/device",
            OIDC + "/ext/par/request",
            OIDC + "/logout/backchannel-logout",
            realmPath + "/device",
            realmPath + "/login-actions/authenticate",
            realmPath + "/login-actions/registration",
            realmPath + "/login-actions/reset-credentials",
            realmPath + "/login-actions/required-action",
            realmPath + "/account/",
            realmPath + "/rowlock-end-session")) {
      assertThat(status(send("POST", endpoint, "Content-Type: " + FORM, body))).isLessThan(500);
      for (var field : fields) {
        var one = field + "=" + URLEncoder.encode(FORGED, UTF_8) + "&client_id=limited-app";
        assertThat(status(send("POST", endpoint, "Content-Type: " + FORM, one))).isLessThan(500);
      }
    }
    var form = realm.flow().begin(realm.browserAt(GuessingRealm.newIp())).loginPage();
    form.document().select("[name=credentialId]").attr("name", "error");
    form.submit("kc-form-login", Map.of("username", FORGED, "password", FORGED, "error", FORGED));

    assertThat(begun(0)).allSatisfy(UntrustedInputIT::assertRecord);
    assertThat(realm.server().log().messages("rowlock.audit"))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).matches("[ -~]+"))
        .noneMatch(line -> "forged".equals(JSON.readTree(line).path("user_id").asString("")));
  }

  @FieldReport("https://github.com/ltb-project/self-service-password/issues/755")
  @FieldReport("https://github.com/keycloak/keycloak/issues/14422")
  @ParameterizedTest
  @ValueSource(strings = {"X-Forwarded-Host", "X-Forwarded-Server", "X-Original-Host", "Forwarded"})
  void mailForANewPassword_forgedHost_linksToTheServer(String header) {
    var user = realm.user();
    var browser = realm.browserAt(GuessingRealm.newIp());
    browser.sendHeader(header, header.equals("Forwarded") ? "host=evil.example" : "evil.example");

    realm
        .flow()
        .begin(browser)
        .loginPage()
        .follow("a[href*=reset-credentials]")
        .submit("kc-reset-password-form", Map.of("username", user));

    var mail = TestServers.mail().mailbox().await(user);
    assertThat(mail.link().toString()).startsWith(realm.issuer() + "/");
    assertThat(mail.text()).doesNotContain("evil.example");
  }

  private static void assertRecord(String line) {
    assertThat(line.chars()).noneMatch(c -> c < ' ');
    var json = JSON.readTree(line);
    assertThat(json.isObject()).isTrue();
    assertThat(json.path("hostName").isString()).as("written by the server: " + line).isTrue();
  }

  private static void assertRejected(String method, String target, String header, String body)
      throws IOException {
    var before = begun(0).size();

    var answer = send(method, target, header, body);

    assertThat(status(answer)).as(target + " " + header + " " + body).isBetween(400, 499);
    assertThat(answer).doesNotContain("Exception", "<html");
    assertThat(begun(before)).noneMatch(line -> line.contains("\"level\":\"ERROR\""));
  }

  /** Returns the complete lines that the server has written after the start of its JVM. */
  private static List<String> begun(int from) throws IOException {
    var text = Files.readString(realm.server().logFile());
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().skip(from).toList();
  }

  private static String send(String method, String target, String header, String body)
      throws IOException {
    try (var socket = connect()) {
      var bytes = body.getBytes(UTF_8);
      socket.getOutputStream().write(head(method, target, header, bytes.length).getBytes(UTF_8));
      try {
        socket.getOutputStream().write(bytes);
      } catch (IOException e) {
        // answered before the end of the body
      }
      return read(socket);
    }
  }

  private static Socket connect() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), realm.server().url().getPort());
    socket.setSoTimeout((int) Duration.ofSeconds(30).toMillis());
    return socket;
  }

  private static String head(String method, String target, String header, int length) {
    return "%s %s HTTP/1.1\r\nHost: localhost:%d\r\nX-Forwarded-For: %s\r\nConnection: close\r\n%s\r\nContent-Length: %d\r\n\r\n"
        .formatted(
            method, target, realm.server().url().getPort(), GuessingRealm.newIp(), header, length);
  }

  private static String read(Socket socket) throws IOException {
    var answer = new ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(answer);
    } catch (IOException e) {
      // closed with unread data; the received part counts
    }
    return answer.toString(ISO_8859_1);
  }

  /**
   * Returns the status line of the answer to a request with an incomplete body: the connection
   * stays open.
   */
  private static String statusLine(Socket socket) throws IOException {
    return new String(socket.getInputStream().readNBytes(12), ISO_8859_1);
  }

  private static int status(String answer) {
    assertThat(answer).startsWith("HTTP/1.1 ");
    return Integer.parseInt(answer.substring(9, 12));
  }
}
