/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.discretion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.keycloak.registration.RegistrationRealm;
import rowlock.local.login.BrowserSession;
import rowlock.local.login.Page;
import rowlock.local.mail.MailServer;
import tools.jackson.databind.JsonNode;

/** Registration that hides existing accounts, through the real pages and mailboxes. */
class DiscreetRegistrationIT {
  private static final RegistrationRealm DISCREET = new RegistrationRealm("discreet-registration");

  @TempDir private static Path mails;
  private static MailServer mail;

  @BeforeAll
  static void start() {
    mail = MailServer.start(mails, 0, arrived -> {});
    DISCREET.mailThrough(mail.port());
  }

  @AfterAll
  static void stop() {
    mail.close();
  }

  @Test
  void pages_knownAndUnknownAddress_areIdentical() {
    var known = confirmed();
    var knownBrowser = DISCREET.flow().newBrowser();
    var unknownBrowser = DISCREET.flow().newBrowser();
    var unknown = RegistrationRealm.newMail();

    var knownPage = register(knownBrowser, known);
    var unknownPage = register(unknownBrowser, unknown);

    assertThat(knownPage.text()).contains("Check your mail", known);
    assertThat(knownPage.status()).isEqualTo(unknownPage.status()).isEqualTo(200);
    assertThat(neutral(knownPage, known)).isEqualTo(neutral(unknownPage, unknown));
    await().until(() -> DISCREET.knows(unknown));

    var knownAgain = knownBrowser.open(knownPage.address());
    var unknownAgain = unknownBrowser.open(unknownPage.address());
    assertThat(neutral(knownAgain, known)).isEqualTo(neutral(unknownAgain, unknown));
    assertThat(knownAgain.status()).isEqualTo(unknownAgain.status());

    var knownLogin = DISCREET.flow().begin(knownBrowser).loginPage();
    var unknownLogin = DISCREET.flow().begin(unknownBrowser).loginPage();
    assertThat(neutral(knownLogin, known)).isEqualTo(neutral(unknownLogin, unknown));
  }

  /** The server itself refuses a token that it cannot read, but not an empty one. */
  @ParameterizedTest
  @ValueSource(strings = {"", "x", "a.b.c"})
  void invalidInvitation_revealsNoAccount(String token) {
    var known = confirmed();
    var unknown = RegistrationRealm.newMail();

    var knownPage = register(known, token);
    var unknownPage = register(unknown, token);

    assertThat(knownPage.text()).contains(token.isEmpty() ? "Check your mail" : "login again");
    assertThat(knownPage.status()).isEqualTo(unknownPage.status());
    assertThat(neutral(knownPage, known)).isEqualTo(neutral(unknownPage, unknown));
  }

  private static Page register(String address, String token) {
    var page = DISCREET.registration();
    var form = page.document().getElementById("kc-register-form");
    form.attr("action", form.absUrl("action") + "&token=" + token);
    return page.submit("kc-register-form", Map.of("email", address));
  }

  @Test
  void newUser_confirmsByMailSetsPasswordAndSignsIn() {
    var address = confirmed();

    var account = account(address);
    assertThat(account.path("emailVerified").asBoolean()).isTrue();
    assertThat(account.path("requiredActions")).isEmpty();
    assertThat(DISCREET.flow().login(address, RegistrationRealm.PASSWORD).accessToken())
        .isNotBlank();
  }

  @Test
  void unconfirmedAccount_hasNoPasswordAndNoLogin() {
    var address = RegistrationRealm.newMail();
    register(DISCREET.flow().newBrowser(), address);
    mail.mailbox().await(address);

    var account = account(address);

    assertThat(account.path("emailVerified").asBoolean()).isFalse();
    assertThat(DISCREET.read("/users/" + account.path("id").asString() + "/credentials")).isEmpty();
  }

  @Test
  void form_hasNoPasswordField() {
    assertThat(DISCREET.registration().document().select("input[type=password]")).isEmpty();
  }

  @Test
  void knownAddress_ownerIsNotifiedAndUnchanged() {
    var address = confirmed();
    var before = account(address);

    register(DISCREET.flow().newBrowser(), address);

    var notice = mail.mailbox().await(address, 2);
    assertThat(notice.subject()).isEqualTo("You already have an account at Discreet");
    assertThat(notice.text())
        .contains(
            "nothing was changed",
            RegistrationRealm.server().issuer("discreet-registration") + "/account")
        .contains("/login-actions/reset-credentials");
    assertThat(notice.html()).contains("<a href=");
    assertThat(new BrowserSession().open(notice.links().get(1)).hasForm("kc-reset-password-form"))
        .isTrue();
    assertThat(account(address)).isEqualTo(before);
    DISCREET.flow().login(address, RegistrationRealm.PASSWORD);
  }

  @Test
  void repeatedRegistration_sendsTwoMailsOnly() {
    var address = RegistrationRealm.newMail();
    for (var use = 0; use < 6; use++) {
      register(DISCREET.flow().newBrowser(), address);
    }
    var other = RegistrationRealm.newMail();
    register(DISCREET.flow().newBrowser(), other);

    mail.mailbox().await(address, 2);
    mail.mailbox().await(other);
    assertThat(mail.mailbox().to(address)).hasSize(2);
  }

  @Test
  void unconfirmedAddress_getsTheLinkAgain() {
    var address = RegistrationRealm.newMail();
    register(DISCREET.flow().newBrowser(), address);
    mail.mailbox().await(address);
    register(DISCREET.flow().newBrowser(), address);

    confirm(mail.mailbox().await(address, 2).link());

    DISCREET.flow().login(address, RegistrationRealm.PASSWORD);
  }

  @Test
  void invalidInput_isReportedOnTheForm() {
    assertThat(register(DISCREET.flow().newBrowser(), "not an address").text())
        .contains("Invalid email address");
    assertThat(register(DISCREET.flow().newBrowser(), "").text()).contains("Please specify email");
    assertThat(register(DISCREET.flow().newBrowser(), "user@mailinator.com").text())
        .contains("are temporary");
  }

  @Test
  void pageAndMail_germanLocale_areGerman() {
    var address = RegistrationRealm.newMail();
    var browser = DISCREET.flow().newBrowser();
    var english = DISCREET.registration(browser);
    var german = english.document().selectFirst("option[value*='kc_locale=de']").absUrl("value");

    var page =
        browser.open(URI.create(german)).submit("kc-register-form", Map.of("email", address));

    assertThat(page.text()).contains("Prüfen Sie Ihre E-Mails");
    assertThat(mail.mailbox().await(address).subject()).isEqualTo("E-Mail verifizieren");
  }

  @Test
  void disabled_takenAddressIsReportedAndUserIsSignedIn() {
    var open = new RegistrationRealm("open-registration");
    var address = RegistrationRealm.newMail();
    var fields =
        Map.of(
            "email",
            address,
            "password",
            RegistrationRealm.PASSWORD,
            "password-confirm",
            RegistrationRealm.PASSWORD);

    assertThat(open.registration().submit("kc-register-form", fields).callback()).isNotNull();
    assertThat(open.registration().submit("kc-register-form", fields).text())
        .contains("Email already exists");
  }

  /** Creates a confirmed account with a password. */
  static String confirmed() {
    var address = RegistrationRealm.newMail();
    register(DISCREET.flow().newBrowser(), address);
    confirm(mail.mailbox().await(address).link());
    return address;
  }

  private static void confirm(URI link) {
    var page = new BrowserSession().open(link);
    page.follow("#kc-info-message a, a[href*=action-token]")
        .confirm()
        .submit(
            "kc-passwd-update-form",
            Map.of(
                "password-new",
                RegistrationRealm.PASSWORD,
                "password-confirm",
                RegistrationRealm.PASSWORD));
  }

  private static Page register(BrowserSession browser, String address) {
    return DISCREET.registration(browser).submit("kc-register-form", Map.of("email", address));
  }

  private static JsonNode account(String address) {
    return DISCREET.read("/users?exact=true&email=" + address).path(0);
  }

  /** Removes the address, and the text that differs on every page. */
  private static String neutral(Page page, String address) {
    return page.document()
        .outerHtml()
        .replace(address, "ADDRESS")
        .replaceAll(
            "(session_code|execution|tab_id|client_data|state|kc_state_checker|code_challenge)=[^&\"]*",
            "$1=X")
        .replaceAll("\"[A-Za-z0-9+/=_-]{20,}\"", "X");
  }
}
