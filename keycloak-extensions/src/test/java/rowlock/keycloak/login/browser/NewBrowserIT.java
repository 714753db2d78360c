/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static rowlock.keycloak.login.GuessingRealm.PASSWORD;
import static rowlock.keycloak.login.GuessingRealm.newIp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import rowlock.field.FieldReport;
import rowlock.keycloak.login.GuessingRealm;
import rowlock.local.login.BrowserSession;
import rowlock.local.mail.Mail;
import rowlock.local.mail.Mailbox;
import rowlock.local.testing.TestServers;

/** The mail about a login in a new browser, and the page behind its link. */
class NewBrowserIT {
  private static final String FIREFOX =
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:131.0) Gecko/20100101 Firefox/131.0";

  private static GuessingRealm realm;
  private static Mailbox mailbox;

  @BeforeAll
  static void start() {
    realm = GuessingRealm.shared();
    mailbox = TestServers.mail().mailbox();
  }

  @Test
  void mail_onlyForNewBrowser_notForFirstOrKnown() {
    var user = realm.user();
    var own = realm.browserAt(newIp());
    signIn(own, user);
    endSessions(user);
    signIn(own, user);
    endSessions(user);
    assertThat(mailbox.to(user)).isEmpty();

    signIn(firefoxAt("198.51.100.7"), user);

    var mail = mailbox.await(user);
    assertThat(mailbox.to(user)).hasSize(1);
    assertThat(mail.subject()).isEqualTo("New sign-in to Guessing & Co");
    assertThat(mail.text())
        .contains("Device: Firefox on Windows", "Network address: 198.51.100.7", "(UTC)");
    assertThat(mail.html()).contains("Guessing &amp; Co", "This was not me");
  }

  @Test
  void registration_sendsNoNewBrowserMail() {
    var address = GuessingRealm.newAddress();
    realm.flow().register(address, PASSWORD, "Ann", "Example");
    signIn(realm.browserAt(newIp()), address);

    assertThat(mailbox.await(address).subject()).isEqualTo("New sign-in to Guessing & Co");
    assertThat(mailbox.to(address)).hasSize(1);
  }

  @Test
  void mail_usesLanguageAndTimeZoneOfTheOwner() {
    var user = realm.user(Map.of("locale", List.of("de"), "zoneinfo", List.of("Europe/Berlin")));
    signIn(realm.browserAt(newIp()), user);
    var other = firefoxAt(newIp());
    other.sendHeader("Accept-Language", "en");

    signIn(other, user);

    var mail = mailbox.await(user);
    assertThat(mail.subject()).isEqualTo("Neue Anmeldung bei Guessing & Co");
    assertThat(mail.text())
        .contains("Gerät: Firefox unter Windows", "(Mitteleuropäische Zeit)")
        .containsPattern("Zeit: \\w+, \\d+\\. \\w+ \\d{4}");
  }

  @Test
  void userAgent_cannotAddALinkToTheMail() {
    var user = realm.user();
    signIn(realm.browserAt(newIp()), user);
    var other = realm.browserAt(newIp());
    other.sendHeader("User-Agent", "http://evil.example/ <b>Firefox</b>/1.0 evilbot.example/1");

    signIn(other, user);

    var mail = mailbox.await(user);
    assertThat(mail.text() + mail.html()).doesNotContain("evil.example", "<b>Firefox");
  }

  @FieldReport("https://github.com/FusionAuth/fusionauth-issues/issues/629")
  @Test
  void link_button_endsThatSessionAndResetsPassword() {
    var user = realm.user();
    signIn(realm.browserAt(newIp()), user);
    var own = realm.sessionsOf(user);
    signIn(firefoxAt(newIp()), user);
    var link = linkIn(mailbox.await(user));
    assertThat(realm.sessionsOf(user)).hasSize(2).containsAll(own);

    // a mail scanner opens every link of a mail, twice
    var reader = new BrowserSession();
    reader.open(link);
    var page = reader.open(link);
    assertThat(realm.sessionsOf(user)).hasSize(2);

    var next = page.submit("rowlock-end-session", Map.of());
    assertThat(realm.sessionsOf(user)).isEqualTo(own);
    assertThat(next.hasForm("kc-passwd-update-form")).isFalse();
    var asked = next.submit("kc-reset-password-form", Map.of("username", user));
    assertThat(asked.status()).isEqualTo(200);
    var form = reader.open(mailbox.await(user, 2).link());
    var done =
        form.submit(
            "kc-passwd-update-form",
            Map.of("password-new", "another-lantern-1", "password-confirm", "another-lantern-1"));
    assertThat(done.status()).isEqualTo(200);

    assertThat(realm.signIn(newIp(), user, PASSWORD).callback()).isNull();
    assertThat(realm.signIn(newIp(), user, "another-lantern-1").callback()).isNotNull();
    assertThat(reader.open(link).status()).isEqualTo(400);
    assertThat(page.submit("rowlock-end-session", Map.of()).status()).isEqualTo(400);
  }

  @Test
  void link_afterAddressChange_isInvalid() {
    var user = realm.user();
    signIn(realm.browserAt(newIp()), user);
    signIn(firefoxAt(newIp()), user);
    var page = new BrowserSession().open(linkIn(mailbox.await(user)));
    var id = realm.idOf(user);
    realm
        .admin()
        .put(
            "/realms/" + GuessingRealm.REALM + "/users/" + id,
            "{\"email\":\"%s\",\"username\":\"%s\"}".formatted(GuessingRealm.newAddress(), user));

    assertThat(page.submit("rowlock-end-session", Map.of()).status()).isEqualTo(400);
    assertThat(realm.read("/users/" + id + "/sessions")).hasSize(2);
  }

  @Test
  void link_withoutPasswordReset_onlyEndsTheSession() {
    var user = realm.user();
    signIn(realm.browserAt(newIp()), user);
    signIn(firefoxAt(newIp()), user);
    var page = new BrowserSession().open(linkIn(mailbox.await(user)));
    realm.change("{\"resetPasswordAllowed\":false}");
    try {
      var done = page.submit("rowlock-end-session", Map.of());

      assertThat(done.status()).isEqualTo(200);
      assertThat(done.text()).contains("That browser was signed out.");
      assertThat(realm.sessionsOf(user)).hasSize(1);
    } finally {
      realm.change("{\"resetPasswordAllowed\":true}");
    }
  }

  @Test
  void forgedLink_doesNothing() {
    var user = realm.user();
    signIn(realm.browserAt(newIp()), user);
    signIn(firefoxAt(newIp()), user);
    var link = linkIn(mailbox.await(user)).toString();
    var tokens = realm.directGrant(newIp(), user, PASSWORD).body();
    var accessToken = tokens.replaceFirst("(?s).*\"access_token\":\"([^\"]+)\".*", "$1");
    var before = realm.sessionsOf(user);

    for (var forged :
        List.of(
            link.substring(0, link.length() - 4) + "AAAA",
            link.replaceFirst("key=.*", "key="),
            link.replaceFirst("key=.*", "key=a.b.c"),
            link.replaceFirst("[?].*", ""),
            link.replaceFirst("key=.*", "key=" + accessToken),
            link.replace("/realms/guessing/", "/realms/master/"))) {
      assertThat(new BrowserSession().open(URI.create(forged)).status()).isEqualTo(400);
    }
    assertThat(realm.sessionsOf(user)).containsExactlyInAnyOrderElementsOf(before);
  }

  @Test
  void mails_canBeDisabledByUserAndRealm() {
    var user = realm.user(Map.of("newBrowserMail", List.of("off")));
    signIn(realm.browserAt(newIp()), user);
    signIn(realm.browserAt(newIp()), user);
    var other = realm.user();
    signIn(realm.browserAt(newIp()), other);
    realm.change("{\"attributes\":{\"rowlock.new-browser-mail\":\"false\"}}");
    try {
      signIn(realm.browserAt(newIp()), other);
    } finally {
      realm.change("{\"attributes\":{\"rowlock.new-browser-mail\":\"true\"}}");
    }

    // a later mail of the same thread pool
    signIn(realm.browserAt(newIp()), other);
    assertThat(mailbox.await(other)).isNotNull();
    assertThat(mailbox.to(other)).hasSize(1);
    assertThat(mailbox.to(user)).isEmpty();
  }

  @Test
  void mails_perDay_areLimited() {
    var user = realm.user();
    for (var signIn = 0; signIn < 8; signIn++) {
      signIn(realm.browserAt(newIp()), user);
    }

    mailbox.await(user, 5);
    var after = realm.user();
    signIn(realm.browserAt(newIp()), after);
    signIn(realm.browserAt(newIp()), after);
    mailbox.await(after);
    assertThat(mailbox.to(user)).hasSize(5);
  }

  @Test
  void login_mailServerUnavailable_isNotDelayed() throws IOException {
    try (var silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      realm.mailThrough(silent.getLocalPort());
      var user = realm.user();
      signIn(realm.browserAt(newIp()), user);
      var start = System.nanoTime();

      signIn(realm.browserAt(newIp()), user);

      // the server's own timeout for an unresponsive mail server is ten seconds
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));
    } finally {
      realm.mailThrough(TestServers.mail().port());
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> realm.log().contains("New browser mail to user="));
  }

  @Test
  void knownBrowsers_accountDeleted_areErased() {
    var user = realm.user();
    var id = realm.idOf(user);
    signIn(realm.browserAt(newIp()), user);
    realm.admin().delete("/realms/" + GuessingRealm.REALM + "/users/" + id);

    // the same account id; any remaining row would make it a known account
    realm.user(id, user, Map.of());
    signIn(realm.browserAt(newIp()), user);
    signIn(realm.browserAt("198.51.100.9"), user);

    assertThat(mailbox.await(user).text()).contains("198.51.100.9");
    assertThat(mailbox.to(user)).hasSize(1);
  }

  private static void signIn(BrowserSession browser, String user) {
    var last = realm.signIn(browser, user, PASSWORD);
    assertThat(last.callback()).as(last.text()).isNotNull();
  }

  private static BrowserSession firefoxAt(String ip) {
    var browser = realm.browserAt(ip);
    browser.sendHeader("User-Agent", FIREFOX);
    return browser;
  }

  private static URI linkIn(Mail mail) {
    return mail.links().stream()
        .filter(link -> link.getPath().endsWith("/rowlock-end-session"))
        .findFirst()
        .orElseThrow();
  }

  private static void endSessions(String user) {
    realm
        .admin()
        .post("/realms/" + GuessingRealm.REALM + "/users/" + realm.idOf(user) + "/logout", "");
  }
}
