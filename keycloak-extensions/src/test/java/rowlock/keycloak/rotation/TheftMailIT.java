/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static rowlock.keycloak.rotation.Ferry.JSON;
import static rowlock.keycloak.rotation.Ferry.claims;

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

/** What the owner of a stolen refresh token is written. */
class TheftMailIT {
  private static Ferry ferry;

  private final GreenMail mailbox =
      new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

  @BeforeAll
  static void start() {
    ferry = new Ferry(ExtensionServer.shared());
  }

  @BeforeEach
  void startMailbox() {
    mailbox.start();
    mailThrough(mailbox.getSmtp().getPort());
  }

  @AfterEach
  void stopMailbox() {
    mailbox.stop();
    ferry.admin().put("/realms/" + Ferry.REALM, "{\"smtpServer\":{}}");
  }

  @Test
  void aStolenTokenThatComesBackManyTimesAtOnceIsOneTheftWithOneMail() throws Exception {
    var person = ferry.person();
    var theft = theft("strict", person);
    var reuse = ferry.metric("rowlock_refresh_total", "outcome=\"reuse\"");

    var answers = RefreshRotationIT.atOnce(20, () -> ferry.refresh("strict", theft.first()));

    assertThat(answers).extracting(Ferry.Answer::status).containsOnly(400);
    assertThat(ferry.refresh("strict", theft.newest()).status()).isEqualTo(400);
    assertThat(ferry.metric("rowlock_refresh_total", "outcome=\"reuse\"")).isEqualTo(reuse + 1);
    assertThat(mailbox.waitForIncomingEmail(20_000, 1)).isTrue();
    // a later mail of the same thread pool, so that a second one would be there by now
    ferry.refresh("strict", theft("strict", ferry.person()).first());
    assertThat(mailbox.waitForIncomingEmail(20_000, 2)).isTrue();
    assertThat(mailbox.getReceivedMessages()).hasSize(2);
  }

  @Test
  void theOwnerGetsOneMailInTheirLanguageThatSaysWhatHappenedAndWhatToDo() throws Exception {
    var english = ferry.person();
    var german = ferry.person();
    speaks(german, "de");

    // a thief's browser does not choose the language
    var theft = theft("strict", english);
    ferry.refresh("strict", theft.first(), "Accept-Language", "de");
    ferry.refresh("strict", theft.first());
    ferry.refresh("strict", theft.newest());
    var other = theft("narrow", german);
    ferry.refresh("narrow", other.first());

    assertThat(mailbox.waitForIncomingEmail(20_000, 2)).isTrue();
    var toEnglish = mailTo(english);
    assertThat(toEnglish.getSubject())
        .isEqualTo("Your sign-in at Ferry & Sons was ended for your safety");
    assertThat(text(toEnglish))
        .contains("used a second time", "strict", "We signed you out where this happened")
        .contains("change your password", ferry.server().issuer(Ferry.REALM) + "/account");
    assertThat(html(toEnglish))
        .contains(
            "Ferry &amp; Sons", "href=\"" + ferry.server().issuer(Ferry.REALM) + "/account\"");
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
      var theft = theft("strict", unconfirmed);
      change(unconfirmed, Map.of("emailVerified", false));
      ferry.refresh("strict", theft.first());
      ferry.refresh("strict", theft("strict", confirmed).first());

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
    var theft = theft("strict", ferry.person());
    var before = Theft.logSince(ferry, 0).length();

    assertThat(ferry.refresh("strict", theft.first()).status()).isEqualTo(400);

    Theft.auditLine(ferry, claims(theft.first()).path("reuse_id").asString());
    assertThat(Theft.logSince(ferry, before)).doesNotContain("ERROR", "Exception", "mail");
  }

  @Test
  void aMailServerThatIsAwayOrHangsNeitherHoldsUpNorFailsTheAnswer() throws IOException {
    var slow = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    try {
      mailThrough(slow.getLocalPort());
      var theft = theft("strict", ferry.person());
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
    var theft = theft("strict", ferry.person());
    var before = Theft.logSince(ferry, 0).length();
    assertThat(ferry.refresh("strict", theft.first()).problem())
        .isEqualTo("Refresh token reuse detected");
    await()
        .untilAsserted(
            () -> assertThat(Theft.logSince(ferry, before)).contains("could not be sent to user"));
  }

  private static Theft theft(String client, String person) {
    return Theft.prepared(ferry, client, person);
  }

  private static void change(String person, Map<String, Object> changes) {
    var changed =
        JSON.convertValue(
            ferry.realm("/users/" + Theft.userId(ferry, person)),
            new TypeReference<HashMap<String, Object>>() {});
    changed.putAll(changes);
    ferry
        .admin()
        .put(
            "/realms/" + Ferry.REALM + "/users/" + Theft.userId(ferry, person),
            JSON.writeValueAsString(changed));
  }

  private static void speaks(String person, String language) {
    change(person, Map.of("attributes", Map.of("locale", List.of(language))));
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
}
