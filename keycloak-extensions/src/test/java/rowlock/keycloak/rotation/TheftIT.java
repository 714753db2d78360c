/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static rowlock.keycloak.rotation.Ferry.JSON;
import static rowlock.keycloak.rotation.Ferry.claims;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rowlock.local.TestServers;
import rowlock.local.login.AuthorizationCodeFlow;
import tools.jackson.core.type.TypeReference;

/** What happens when a refresh token comes back too late. */
class TheftIT {
  private static Ferry ferry;

  private final GreenMail mailbox =
      new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

  @BeforeAll
  static void start() {
    ferry = new Ferry(TestServers.keycloak(Ferry.wanted()));
  }

  @BeforeEach
  void startMailbox() {
    mailbox.start();
    mailThrough(mailbox.getSmtp().getPort());
  }

  @AfterEach
  void stopMailbox() {
    mailbox.stop();
  }

  @Test
  void theClientsSessionAloneEndsWhereThePolicySaysSo() {
    var person = ferry.person();
    // one session of one browser with two clients
    var narrow = new AuthorizationCodeFlow(ferry.server().issuer(Ferry.REALM), "narrow");
    var calm = new AuthorizationCodeFlow(ferry.server().issuer(Ferry.REALM), "calm");
    var browser = narrow.newBrowser();
    var login = narrow.begin(browser);
    var stolen =
        login.finish(
            login
                .loginPage()
                .submit("kc-form-login", Map.of("username", person, "password", Ferry.PASSWORD)));
    var again = calm.begin(browser);
    var elsewhere = again.finish(again.loginPage());
    var session = claims(stolen.accessToken()).path("sid").asString();
    assertThat(claims(elsewhere.accessToken()).path("sid").asString()).isEqualTo(session);
    var newest = ferry.refresh("narrow", stolen.requireRefreshToken());

    ferry.refresh("narrow", stolen.requireRefreshToken());

    assertThat(ferry.refresh("narrow", newest.refreshToken()).status()).isEqualTo(400);
    assertThat(ferry.userinfo(newest.accessToken())).isEqualTo(401);
    assertThat(ferry.refresh("calm", elsewhere.requireRefreshToken()).status()).isEqualTo(200);
    assertThat(userSessions(person)).containsExactly(session);
  }

  @Test
  void aStolenTokenThatComesBackManyTimesAtOnceIsOneTheftWithOneMail() throws Exception {
    var person = ferry.person();
    var theft = session("strict", person);
    var reuse = ferry.metric("rowlock_refresh_total", "outcome=\"reuse\"");

    var answers = RefreshRotationIT.atOnce(20, () -> ferry.refresh("strict", theft.first()));

    assertThat(answers).extracting(Ferry.Answer::status).containsOnly(400);
    assertThat(ferry.refresh("strict", theft.newest()).status()).isEqualTo(400);
    assertThat(ferry.metric("rowlock_refresh_total", "outcome=\"reuse\"")).isEqualTo(reuse + 1);
    assertThat(mailbox.waitForIncomingEmail(20_000, 1)).isTrue();
    // a later mail of the same thread pool, so that a second one would be there by now
    ferry.refresh("strict", session("strict", ferry.person()).first());
    assertThat(mailbox.waitForIncomingEmail(20_000, 2)).isTrue();
    assertThat(mailbox.getReceivedMessages()).hasSize(2);
  }

  @Test
  void theUsersSessionEndsAndOthersStay() {
    var person = ferry.person();
    var theft = session("strict", person);
    var elsewhere = session("calm", person);

    ferry.refresh("strict", theft.first());

    assertThat(userSessions(person)).doesNotContain(theft.id()).contains(elsewhere.id());
    assertThat(ferry.refresh("calm", elsewhere.newest()).status()).isEqualTo(200);
  }

  @Test
  void allSessionsOfTheUserEndAndNobodyElses() {
    var person = ferry.person();
    var theft = session("everywhere", person);
    var elsewhere = session("calm", person);
    var offline = ferry.login("calm", person, "openid offline_access").refreshToken();
    var stranger = session("everywhere", ferry.person());

    ferry.refresh("everywhere", theft.first());

    assertThat(userSessions(person)).isEmpty();
    assertThat(ferry.refresh("everywhere", theft.newest()).status()).isEqualTo(400);
    assertThat(ferry.refresh("calm", elsewhere.newest()).status()).isEqualTo(400);
    assertThat(ferry.refresh("calm", offline).status()).isEqualTo(400);
    assertThat(ferry.refresh("everywhere", stranger.newest()).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"strict", "narrow", "everywhere"})
  void theClientIsToldOverTheBackChannel(String client) throws IOException {
    var told = new LinkedBlockingQueue<String>();
    var receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          told.add(new String(exchange.getRequestBody().readAllBytes()));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    receiver.start();
    try {
      backChannel(client, "http://127.0.0.1:" + receiver.getAddress().getPort() + "/");
      var theft = session(client, ferry.person());

      ferry.refresh(client, theft.first());

      await().until(() -> !told.isEmpty());
      var logout = told.remove();
      assertThat(logout).startsWith("logout_token=");
      assertThat(claims(logout).path("sid").asString()).isEqualTo(theft.id());
    } finally {
      backChannel(client, "");
      receiver.stop(0);
    }
  }

  @Test
  void theSecurityLogNamesUserSessionFamilyClientAndReason() {
    var person = ferry.person();
    var theft = session("strict", person);

    ferry.refresh("strict", theft.first());

    var family = claims(theft.first()).path("reuse_id").asString();
    var line = awaitAuditLine(family);
    assertThat(line)
        .containsEntry("event", "REFRESH_TOKEN")
        .containsEntry("outcome", "failure")
        .containsEntry("user_id", claims(theft.first()).path("sub").asString())
        .containsEntry("session_id", theft.id())
        .containsEntry("client_id", "strict")
        .containsEntry("reason", "invalid_token")
        .containsEntry("cause", "Refresh token reuse detected")
        .containsEntry("sessions_ended", "user-session")
        .containsEntry("refresh_token_id", claims(theft.first()).path("jti").asString());
  }

  @Test
  void theOwnerGetsOneMailInTheirLanguageThatSaysWhatHappenedAndWhatToDo() throws Exception {
    var english = ferry.person();
    var german = ferry.person();
    speaks(german, "de");

    // a thief's browser does not choose the language
    var theft = session("strict", english);
    ferry.refresh("strict", theft.first(), "Accept-Language", "de");
    ferry.refresh("strict", theft.first());
    ferry.refresh("strict", theft.newest());
    var other = session("narrow", german);
    ferry.refresh("narrow", other.first());

    assertThat(mailbox.waitForIncomingEmail(20_000, 2)).isTrue();
    var toEnglish = mailTo(english);
    assertThat(toEnglish.getSubject())
        .isEqualTo("Your sign-in at Ferry & Sons was ended for your safety");
    assertThat(text(toEnglish))
        .contains("used a second time", "strict", "We signed you out where this happened")
        .contains("change your password", ferry.server().issuer(Ferry.REALM) + "/account");
    assertThat(html(toEnglish)).contains("Ferry &amp; Sons", "<a href=");
    var toGerman = mailTo(german);
    assertThat(toGerman.getSubject()).contains("zu Ihrer Sicherheit beendet");
    assertThat(text(toGerman))
        .contains("ein zweites Mal benutzt", "Wir haben Sie bei Narrow <b>boat</b> abgemeldet");
    assertThat(html(toGerman)).contains("Narrow &lt;b&gt;boat").doesNotContain("<b>boat");
    assertThat(mailbox.getReceivedMessages()).hasSize(2);
    for (var mail : mailbox.getReceivedMessages()) {
      assertThat(GreenMailUtil.getWholeMessage(mail)).doesNotContain(theft.first(), "null", "${");
    }
  }

  @Test
  void anAddressThatTheRealmWantsConfirmedAndIsNotGetsNoMail() {
    ferry.admin().put("/realms/" + Ferry.REALM, "{\"verifyEmail\":true}");
    try {
      var unconfirmed = ferry.person();
      var confirmed = ferry.person();
      var theft = session("strict", unconfirmed);
      change(unconfirmed, Map.of("emailVerified", false));
      ferry.refresh("strict", theft.first());
      ferry.refresh("strict", session("strict", confirmed).first());

      assertThat(mailbox.waitForIncomingEmail(20_000, 1)).isTrue();
      assertThat(mailTo(confirmed)).isNotNull();
      assertThat(mailbox.getReceivedMessages()).hasSize(1);
    } finally {
      ferry.admin().put("/realms/" + Ferry.REALM, "{\"verifyEmail\":false}");
    }
  }

  @Test
  void aRealmWithoutAMailServerHasNoErrors() throws IOException {
    ferry.admin().put("/realms/" + Ferry.REALM, "{\"smtpServer\":{}}");
    var theft = session("strict", ferry.person());
    var before = logSize();

    assertThat(ferry.refresh("strict", theft.first()).status()).isEqualTo(400);

    awaitAuditLine(claims(theft.first()).path("reuse_id").asString());
    assertThat(logSince(before)).doesNotContain("ERROR", "Exception", "mail");
  }

  @Test
  void aMailServerThatIsAwayOrHangsNeitherHoldsUpNorFailsTheAnswer() throws IOException {
    var slow = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    try {
      mailThrough(slow.getLocalPort());
      var theft = session("strict", ferry.person());
      var start = System.nanoTime();

      var answer = ferry.refresh("strict", theft.first());

      // the server's own limit for a silent mail server is ten seconds
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
      assertThat(answer.problem()).isEqualTo("Refresh token reuse detected");
      assertThat(ferry.refresh("strict", theft.newest()).status()).isEqualTo(400);
    } finally {
      slow.close();
    }
    // nobody listens there any more
    var theft = session("strict", ferry.person());
    var before = logSize();
    assertThat(ferry.refresh("strict", theft.first()).problem())
        .isEqualTo("Refresh token reuse detected");
    await().untilAsserted(() -> assertThat(logSince(before)).contains("could not be sent to user"));
  }

  @Test
  void metricsCountRotationsReplaysAndReuse() {
    var rotated = ferry.metric("rowlock_refresh_total", "outcome=\"rotated\"");
    var replayed = ferry.metric("rowlock_refresh_total", "outcome=\"replayed\"");
    var reuse = ferry.metric("rowlock_refresh_total", "outcome=\"reuse\"");
    var waited = ferry.metric("rowlock_refresh_wait_seconds_count", "");

    var calm = session("calm", ferry.person());
    ferry.refresh("calm", calm.first());
    ferry.refresh("strict", session("strict", ferry.person()).first());

    assertThat(ferry.metric("rowlock_refresh_total", "outcome=\"rotated\"")).isEqualTo(rotated + 2);
    assertThat(ferry.metric("rowlock_refresh_total", "outcome=\"replayed\""))
        .isEqualTo(replayed + 1);
    assertThat(ferry.metric("rowlock_refresh_total", "outcome=\"reuse\"")).isEqualTo(reuse + 1);
    assertThat(ferry.metric("rowlock_refresh_wait_seconds_count", "")).isEqualTo(waited + 4);
  }

  /** A session whose first token has been used. */
  private record Stolen(String id, String first, String newest, String accessToken) {}

  private static Stolen session(String client, String person) {
    var first = ferry.login(client, person).refreshToken();
    var newest = ferry.refresh(client, first);
    return new Stolen(
        claims(first).path("sid").asString(), first, newest.refreshToken(), newest.accessToken());
  }

  private static List<String> userSessions(String person) {
    var found = ferry.realm("/users/" + id(person) + "/sessions");
    return found.valueStream().map(session -> session.path("id").asString()).toList();
  }

  private static String id(String person) {
    return ferry.realm("/users?exact=true&username=" + person).path(0).path("id").asString();
  }

  private static void change(String person, Map<String, Object> changes) {
    var changed =
        JSON.convertValue(
            ferry.realm("/users/" + id(person)), new TypeReference<HashMap<String, Object>>() {});
    changed.putAll(changes);
    ferry
        .admin()
        .put("/realms/" + Ferry.REALM + "/users/" + id(person), JSON.writeValueAsString(changed));
  }

  private static void speaks(String person, String language) {
    change(person, Map.of("attributes", Map.of("locale", List.of(language))));
  }

  private static void backChannel(String clientId, String url) {
    var client = ferry.realm("/clients?clientId=" + clientId).path(0);
    var changed =
        Map.of(
            "clientId",
            clientId,
            "attributes",
            Map.of(
                "rotation",
                clientId,
                "backchannel.logout.url",
                url,
                "backchannel.logout.session.required",
                "true"));
    ferry
        .admin()
        .put(
            "/realms/" + Ferry.REALM + "/clients/" + client.path("id").asString(),
            JSON.writeValueAsString(changed));
  }

  private static void mailThrough(int port) {
    ferry
        .admin()
        .put(
            "/realms/" + Ferry.REALM,
            "{\"smtpServer\":{\"host\":\"127.0.0.1\",\"port\":\"%d\",\"from\":\"ferry@example.org\"}}"
                .formatted(port));
  }

  private MimeMessage mailTo(String person) {
    return Arrays.stream(mailbox.getReceivedMessages())
        .filter(mail -> GreenMailUtil.getAddressList(recipients(mail)).equals(person))
        .findFirst()
        .orElseThrow();
  }

  private static Address[] recipients(MimeMessage mail) {
    try {
      return mail.getAllRecipients();
    } catch (MessagingException e) {
      throw new AssertionError(e);
    }
  }

  private static String text(MimeMessage mail) throws MessagingException, IOException {
    return (String) ((Multipart) mail.getContent()).getBodyPart(0).getContent();
  }

  private static String html(MimeMessage mail) throws MessagingException, IOException {
    return (String) ((Multipart) mail.getContent()).getBodyPart(1).getContent();
  }

  private static Map<String, Object> awaitAuditLine(String family) {
    return await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                logSince(0)
                    .lines()
                    .filter(line -> line.contains("\"refresh_token_family\":\"" + family))
                    .map(line -> line.substring(line.indexOf("{\"ts\"")))
                    .map(TheftIT::parse)
                    .findFirst()
                    .orElse(null),
            found -> found != null);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> parse(String json) {
    return JSON.readValue(json, Map.class);
  }

  private static int logSize() {
    return logSince(0).length();
  }

  private static String logSince(int start) {
    try {
      return Files.readString(ferry.server().logFile()).substring(start);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
