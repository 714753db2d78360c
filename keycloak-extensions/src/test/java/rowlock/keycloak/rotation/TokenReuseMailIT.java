/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static rowlock.keycloak.rotation.RotationRealm.JSON;
import static rowlock.keycloak.rotation.RotationRealm.claims;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import rowlock.keycloak.ExtensionServer;
import tools.jackson.core.type.TypeReference;

/** The mail to the owner of a reused refresh token. */
class TokenReuseMailIT {
  private static RotationRealm realm;

  private final GreenMail mailbox =
      new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

  @BeforeAll
  static void start() {
    realm = new RotationRealm(ExtensionServer.shared());
  }

  @BeforeEach
  void startMailbox() {
    mailbox.start();
    mailThrough(mailbox.getSmtp().getPort());
  }

  @AfterEach
  void stopMailbox() {
    mailbox.stop();
    realm.admin().put("/realms/" + RotationRealm.REALM, "{\"smtpServer\":{}}");
  }

  @Test
  void concurrentReuse_sendsOneMail() throws Exception {
    var user = realm.user();
    var rotated = rotatedSession("no-grace", user);
    var reuse = realm.metric("rowlock_refresh_total", "outcome=\"reuse\"");

    var answers = RefreshRotationIT.atOnce(20, () -> realm.refresh("no-grace", rotated.first()));

    assertThat(answers).extracting(RotationRealm.Answer::status).containsOnly(400);
    assertThat(realm.refresh("no-grace", rotated.newest()).status()).isEqualTo(400);
    assertThat(realm.metric("rowlock_refresh_total", "outcome=\"reuse\"")).isEqualTo(reuse + 1);
    assertThat(mailbox.waitForIncomingEmail(20_000, 1)).isTrue();
    // a later mail of the same thread pool, so that a second one would have arrived
    realm.refresh("no-grace", rotatedSession("no-grace", realm.user()).first());
    assertThat(mailbox.waitForIncomingEmail(20_000, 2)).isTrue();
    assertThat(mailbox.getReceivedMessages()).hasSize(2);
  }

  @Test
  void mail_isSentOnceInTheLanguageOfTheOwner() throws Exception {
    var english = realm.user();
    var german = realm.user();
    speaks(german, "de");

    // the language of the request has no effect
    var rotated = rotatedSession("no-grace", english);
    realm.refresh("no-grace", rotated.first(), "Accept-Language", "de");
    realm.refresh("no-grace", rotated.first());
    realm.refresh("no-grace", rotated.newest());
    var other = rotatedSession("end-client-session", german);
    realm.refresh("end-client-session", other.first());

    assertThat(mailbox.waitForIncomingEmail(20_000, 2)).isTrue();
    var toEnglish = mailTo(english);
    assertThat(toEnglish.getSubject())
        .isEqualTo("Your sign-in at Rotation & Sons was ended for your safety");
    assertThat(text(toEnglish))
        .contains(
            "used a second time",
            "no-grace",
            "We signed you out of all applications in the browser")
        .contains("change your password", realm.server().issuer(RotationRealm.REALM) + "/account");
    assertThat(html(toEnglish))
        .contains(
            "Rotation &amp; Sons",
            "href=\"" + realm.server().issuer(RotationRealm.REALM) + "/account\"");
    var toGerman = mailTo(german);
    assertThat(toGerman.getSubject()).contains("zu Ihrer Sicherheit beendet");
    assertThat(text(toGerman))
        .contains("ein zweites Mal benutzt", "Wir haben Sie bei Ending <b>client</b> abgemeldet");
    assertThat(html(toGerman)).contains("Ending &lt;b&gt;client").doesNotContain("<b>client");
    assertThat(mailbox.getReceivedMessages()).hasSize(2);
    for (var mail : mailbox.getReceivedMessages()) {
      assertThat(GreenMailUtil.getWholeMessage(mail)).doesNotContain(rotated.first(), "null", "${");
    }
  }

  @Test
  void unconfirmedAddress_getsNoMail() {
    realm.admin().put("/realms/" + RotationRealm.REALM, "{\"verifyEmail\":true}");
    try {
      var unconfirmed = realm.user();
      var confirmed = realm.user();
      var rotated = rotatedSession("no-grace", unconfirmed);
      change(unconfirmed, Map.of("emailVerified", false));
      realm.refresh("no-grace", rotated.first());
      realm.refresh("no-grace", rotatedSession("no-grace", confirmed).first());

      assertThat(mailbox.waitForIncomingEmail(20_000, 1)).isTrue();
      assertThat(mailTo(confirmed)).isNotNull();
      assertThat(mailbox.getReceivedMessages()).hasSize(1);
    } finally {
      realm.admin().put("/realms/" + RotationRealm.REALM, "{\"verifyEmail\":false}");
    }
  }

  @Test
  void realmWithoutMailServer_logsNoErrors() throws IOException {
    realm.admin().put("/realms/" + RotationRealm.REALM, "{\"smtpServer\":{}}");
    var rotated = rotatedSession("no-grace", realm.user());
    var before = RotatedSession.logSince(realm, 0).length();

    assertThat(realm.refresh("no-grace", rotated.first()).status()).isEqualTo(400);

    RotatedSession.auditLine(realm, claims(rotated.first()).path("reuse_id").asString());
    assertThat(RotatedSession.logSince(realm, before)).doesNotContain("ERROR", "Exception", "mail");
  }

  @Test
  void response_mailServerUnavailable_isNotDelayed() throws IOException {
    var slow = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    try {
      mailThrough(slow.getLocalPort());
      var rotated = rotatedSession("no-grace", realm.user());
      var start = System.nanoTime();

      var answer = realm.refresh("no-grace", rotated.first());

      // the server's own timeout for an unresponsive mail server is ten seconds
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
      assertThat(answer.problem()).isEqualTo("Refresh token reuse detected");
      assertThat(realm.refresh("no-grace", rotated.newest()).status()).isEqualTo(400);
    } finally {
      slow.close();
    }
    // no server listens on the port any longer
    var rotated = rotatedSession("no-grace", realm.user());
    var before = RotatedSession.logSince(realm, 0).length();
    assertThat(realm.refresh("no-grace", rotated.first()).problem())
        .isEqualTo("Refresh token reuse detected");
    await()
        .untilAsserted(
            () ->
                assertThat(RotatedSession.logSince(realm, before))
                    .contains("Token reuse mail to user="));
  }

  private static RotatedSession rotatedSession(String client, String user) {
    return RotatedSession.prepared(realm, client, user);
  }

  private static void change(String user, Map<String, Object> changes) {
    var changed =
        JSON.convertValue(
            realm.read("/users/" + RotatedSession.userId(realm, user)),
            new TypeReference<HashMap<String, Object>>() {});
    changed.putAll(changes);
    realm
        .admin()
        .put(
            "/realms/" + RotationRealm.REALM + "/users/" + RotatedSession.userId(realm, user),
            JSON.writeValueAsString(changed));
  }

  private static void speaks(String user, String language) {
    change(user, Map.of("attributes", Map.of("locale", List.of(language))));
  }

  private static void mailThrough(int port) {
    realm
        .admin()
        .put(
            "/realms/" + RotationRealm.REALM,
            "{\"smtpServer\":{\"host\":\"127.0.0.1\",\"port\":\"%d\",\"from\":\"rotation@example.org\"}}"
                .formatted(port));
  }

  private MimeMessage mailTo(String user) {
    return Arrays.stream(mailbox.getReceivedMessages())
        .filter(mail -> GreenMailUtil.getAddressList(recipients(mail)).equals(user))
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
}
