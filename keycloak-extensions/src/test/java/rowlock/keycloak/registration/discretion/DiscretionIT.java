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
import rowlock.keycloak.registration.Meadow;
import rowlock.local.login.BrowserSession;
import rowlock.local.login.Page;
import rowlock.local.mail.MailServer;
import tools.jackson.databind.JsonNode;

/** Registration that hides existing accounts, as people and their mailboxes see it. */
class DiscretionIT {
  private static final Meadow VEIL = new Meadow("veil");

  @TempDir private static Path mails;
  private static MailServer mail;

  @BeforeAll
  static void start() {
    mail = MailServer.start(mails, 0, arrived -> {});
    VEIL.mailThrough(mail.port());
  }

  @AfterAll
  static void stop() {
    mail.close();
  }

  @Test
  void aKnownAndAnUnknownAddressGetTheSamePageAndTheSameWhenTheyComeBack() {
    var known = confirmed();
    var knownBrowser = VEIL.flow().newBrowser();
    var unknownBrowser = VEIL.flow().newBrowser();
    var unknown = Meadow.newMail();

    var knownPage = register(knownBrowser, known);
    var unknownPage = register(unknownBrowser, unknown);

    assertThat(knownPage.text()).contains("Check your mail", known);
    assertThat(knownPage.status()).isEqualTo(unknownPage.status()).isEqualTo(200);
    assertThat(neutral(knownPage, known)).isEqualTo(neutral(unknownPage, unknown));
    await().until(() -> VEIL.knows(unknown));

    var knownAgain = knownBrowser.open(knownPage.address());
    var unknownAgain = unknownBrowser.open(unknownPage.address());
    assertThat(neutral(knownAgain, known)).isEqualTo(neutral(unknownAgain, unknown));
    assertThat(knownAgain.status()).isEqualTo(unknownAgain.status());

    var knownLogin = VEIL.flow().begin(knownBrowser).loginPage();
    var unknownLogin = VEIL.flow().begin(unknownBrowser).loginPage();
    assertThat(neutral(knownLogin, known)).isEqualTo(neutral(unknownLogin, unknown));
  }

  /** The server itself refuses a token that it cannot read, but not an empty one. */
  @ParameterizedTest
  @ValueSource(strings = {"", "x", "a.b.c"})
  void tokenThatIsNoInvitation_showsNoAccount(String token) {
    var known = confirmed();
    var unknown = Meadow.newMail();

    var knownPage = register(known, token);
    var unknownPage = register(unknown, token);

    assertThat(knownPage.text()).contains(token.isEmpty() ? "Check your mail" : "login again");
    assertThat(knownPage.status()).isEqualTo(unknownPage.status());
    assertThat(neutral(knownPage, known)).isEqualTo(neutral(unknownPage, unknown));
  }

  private static Page register(String address, String token) {
    var page = VEIL.registration();
    var form = page.document().getElementById("kc-register-form");
    form.attr("action", form.absUrl("action") + "&token=" + token);
    return page.submit("kc-register-form", Map.of("email", address));
  }

  @Test
  void aNewPersonConfirmsTheAddressByMailChoosesAPasswordAndSignsIn() {
    var address = confirmed();

    var account = account(address);
    assertThat(account.path("emailVerified").asBoolean()).isTrue();
    assertThat(account.path("requiredActions")).isEmpty();
    assertThat(VEIL.flow().login(address, Meadow.PASSWORD).accessToken()).isNotBlank();
  }

  @Test
  void untilThenNobodyCanSignInAndNobodyChoseAPassword() {
    var address = Meadow.newMail();
    register(VEIL.flow().newBrowser(), address);
    mail.mailbox().await(address);

    var account = account(address);

    assertThat(account.path("emailVerified").asBoolean()).isFalse();
    assertThat(VEIL.read("/users/" + account.path("id").asString() + "/credentials")).isEmpty();
  }

  @Test
  void theFormHasNoPassword() {
    assertThat(VEIL.registration().document().select("input[type=password]")).isEmpty();
  }

  @Test
  void theOwnerOfAKnownAddressIsToldAndNothingChanges() {
    var address = confirmed();
    var before = account(address);

    register(VEIL.flow().newBrowser(), address);

    var told = mail.mailbox().await(address, 2);
    assertThat(told.subject()).isEqualTo("You have an account at Veil already");
    assertThat(told.text())
        .contains("nothing was changed", Meadow.server().issuer("veil") + "/account")
        .contains("/login-actions/reset-credentials");
    assertThat(told.html()).contains("<a href=");
    assertThat(new BrowserSession().open(told.links().get(1)).hasForm("kc-reset-password-form"))
        .isTrue();
    assertThat(account(address)).isEqualTo(before);
    VEIL.flow().login(address, Meadow.PASSWORD);
  }

  @Test
  void anAddressTypedOverAndOverGetsTwoMailsNotMore() {
    var address = Meadow.newMail();
    for (var use = 0; use < 6; use++) {
      register(VEIL.flow().newBrowser(), address);
    }
    var other = Meadow.newMail();
    register(VEIL.flow().newBrowser(), other);

    mail.mailbox().await(address, 2);
    mail.mailbox().await(other);
    assertThat(mail.mailbox().to(address)).hasSize(2);
  }

  @Test
  void whoDidNotConfirmYetGetsTheLinkOnceMore() {
    var address = Meadow.newMail();
    register(VEIL.flow().newBrowser(), address);
    mail.mailbox().await(address);
    register(VEIL.flow().newBrowser(), address);

    confirm(mail.mailbox().await(address, 2).link());

    VEIL.flow().login(address, Meadow.PASSWORD);
  }

  @Test
  void whatIsWrongWithWhatWasTypedIsSaidAsEver() {
    assertThat(register(VEIL.flow().newBrowser(), "not an address").text())
        .contains("Invalid email address");
    assertThat(register(VEIL.flow().newBrowser(), "").text()).contains("Please specify email");
    assertThat(register(VEIL.flow().newBrowser(), "somebody@mailinator.com").text())
        .contains("made to be thrown away");
  }

  @Test
  void pageAndMailSpeakGermanToWhoReadsGerman() {
    var address = Meadow.newMail();
    var browser = VEIL.flow().newBrowser();
    var english = VEIL.registration(browser);
    var german = english.document().selectFirst("option[value*='kc_locale=de']").absUrl("value");

    var page =
        browser.open(URI.create(german)).submit("kc-register-form", Map.of("email", address));

    assertThat(page.text()).contains("Sehen Sie in Ihre E-Mails");
    assertThat(mail.mailbox().await(address).subject()).isEqualTo("E-Mail verifizieren");
  }

  @Test
  void withTheSwitchOffATakenAddressIsSaidPlainlyAndAPersonIsSignedInAtOnce() {
    var pane = new Meadow("pane");
    var address = Meadow.newMail();
    var fields =
        Map.of("email", address, "password", Meadow.PASSWORD, "password-confirm", Meadow.PASSWORD);

    assertThat(pane.registration().submit("kc-register-form", fields).callback()).isPresent();
    assertThat(pane.registration().submit("kc-register-form", fields).text())
        .contains("Email already exists");
  }

  /** A person with an account and a password. */
  static String confirmed() {
    var address = Meadow.newMail();
    register(VEIL.flow().newBrowser(), address);
    confirm(mail.mailbox().await(address).link());
    return address;
  }

  private static void confirm(URI link) {
    var page = new BrowserSession().open(link);
    page.follow("#kc-info-message a, a[href*=action-token]")
        .confirm()
        .submit(
            "kc-passwd-update-form",
            Map.of("password-new", Meadow.PASSWORD, "password-confirm", Meadow.PASSWORD));
  }

  private static Page register(BrowserSession browser, String address) {
    return VEIL.registration(browser).submit("kc-register-form", Map.of("email", address));
  }

  private static JsonNode account(String address) {
    return VEIL.read("/users?exact=true&email=" + address).path(0);
  }

  /** What is left when the address and what differs from visit to visit is taken out. */
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
