/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static rowlock.realm.AppAccount.enter;
import static rowlock.realm.AppAccount.recover;
import static rowlock.realm.RealmServer.admin;
import static rowlock.realm.RealmServer.flow;
import static rowlock.realm.RealmServer.guesses;
import static rowlock.realm.RealmServer.issuer;
import static rowlock.realm.RealmServer.realm;
import static rowlock.realm.RealmServer.register;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import rowlock.field.FieldReport;
import rowlock.local.login.BrowserSession;
import rowlock.local.login.Page;
import rowlock.local.mail.Mail;
import rowlock.realm.RealmServer.Person;

/** Checks that links in mails do not replace the second factor. */
class PasswordResetIT {
  private static final String NEW_PASSWORD = "another horse, another battery";

  @Test
  void resetLink_accountWithApp_asksForItsCodeFirst() {
    var account = AppAccount.create();
    var page = forgotten(account.person()).open(resetLink(account.person()).link());

    assertThat(page.hasForm("kc-otp-login-form")).isTrue();
    var again = enter(page, "000000");
    assertThat(again.hasForm("kc-passwd-update-form")).isFalse();
    var done = choose(enter(again, account.app().code(1)));

    assertThat(done.callback()).isNotNull();
    assertThat(typesOf(account.person()))
        .containsExactlyInAnyOrder("password", "otp", "recovery-authn-codes");
  }

  @Test
  void resetLink_wrongCode_countsAgainstTheAccountAndTheAddress() {
    var account = AppAccount.create();
    var page = forgotten(account.person()).open(resetLink(account.person()).link());
    var before = guesses();

    enter(page, "000000");

    assertThat(guesses()).isEqualTo(before + 1);
    assertThat(
            realm("/attack-detection/brute-force/users/" + account.person().id())
                .path("numFailures")
                .asInt())
        .isEqualTo(1);
  }

  @Test
  void resetLink_accountWithApp_acceptsARecoveryCode() {
    var account = AppAccount.create();
    var page = forgotten(account.person()).open(resetLink(account.person()).link());

    var again = recover(page, "AAAA-BBBB-CCCC");
    assertThat(again.hasForm("kc-passwd-update-form")).isFalse();
    var form =
        again.submit(
            "kc-recovery-code-login-form",
            Map.of("recoveryCodeInput", account.recoveryCodes().get(0)));

    assertThat(choose(form).callback()).isNotNull();
  }

  @Test
  void resetLink_accountWithSecurityKey_asksForTheKeyFirst() {
    try (var visit = Visit.start()) {
      var key = Authenticator.securityKey(visit.window());
      var person = register();
      visit.open("kc_action", "webauthn-register");
      visit.enterPassword(person.address());
      visit.page().waitForSelector("#registerWebAuthn");
      key.touch(true);
      visit.clickOfScript("#registerWebAuthn");
      visit.awaitSignedIn();
      key.touch(false);
      visit.forgetCookies();

      visit.open();
      visit.page().click("a[href*=reset-credentials]");
      visit.page().fill("#username", person.address());
      visit.page().click("#kc-reset-password-form [type=submit]");
      visit.page().waitForSelector("#kc-form-login");
      visit.page().navigate(resetLink(person).link().toString());

      visit.page().waitForSelector("#authenticateWebAuthnButton");
      assertThat(visit.page().url()).startsWith(issuer());
      key.touch(true);
      visit.clickOfScript("#authenticateWebAuthnButton");
      visit.page().fill("#password-new", NEW_PASSWORD);
      visit.page().fill("#password-confirm", NEW_PASSWORD);
      visit.page().click("#kc-passwd-update-form [type=submit]");
      visit.awaitSignedIn();
    }
  }

  @Test
  void resetLink_inAnotherBrowser_asksForTheCodeAndDoesNotSignIn() {
    var account = AppAccount.create();
    forgotten(account.person());
    var mail = resetLink(account.person());
    var sessions = sessionsOf(account.person());

    var elsewhere = new BrowserSession().open(mail.link());
    assertThat(elsewhere.hasForm("kc-otp-login-form")).isTrue();
    var done = choose(enter(elsewhere, account.app().code(1)));

    assertThat(done.text()).contains("Your account has been updated");
    assertThat(sessionsOf(account.person()).stream().filter(id -> !sessions.contains(id)))
        .isEmpty();
  }

  @FieldReport("https://github.com/supabase/auth/issues/1214")
  @Test
  void resetLink_openedTwice_asksAgainAndWorksOnce() {
    var account = AppAccount.create();
    forgotten(account.person());
    var mail = resetLink(account.person());
    new BrowserSession().open(mail.link());

    var page = new BrowserSession().open(mail.link());
    assertThat(page.hasForm("kc-otp-login-form")).isTrue();
    choose(enter(page, account.app().code(1)));

    var again = new BrowserSession().open(mail.link());
    assertThat(again.hasForm("kc-otp-login-form")).isFalse();
    assertThat(again.hasForm("kc-passwd-update-form")).isFalse();
  }

  @Test
  void resetLink_factorAddedAfterTheMail_isAskedFor() {
    var person = register();
    var page = forgotten(person);
    var mail = resetLink(person);
    var browser = flow().newBrowser();
    AppAccount.signIn(browser, person);
    AppAccount.addTo(person, browser);

    assertThat(page.open(mail.link()).hasForm("kc-otp-login-form")).isTrue();
    assertThat(new BrowserSession().open(mail.link()).hasForm("kc-otp-login-form")).isTrue();
  }

  @Test
  void linkOfAnAdministrator_accountWithApp_doesNotSignIn() {
    var account = AppAccount.create();
    var user = "/realms/" + Realm.NAME + "/users/" + account.person().id();
    admin().post(user + "/logout", "");

    admin().put(user + "/execute-actions-email", "[\"UPDATE_PASSWORD\"]");
    var page = flow().newBrowser().open(account.person().nextMail().link()).confirm();
    var done = choose(page);

    assertThat(done.callback()).isNull();
    assertThat(sessionsOf(account.person())).isEmpty();
    var login =
        flow()
            .begin()
            .loginPage()
            .submit(
                "kc-form-login",
                Map.of("username", account.person().address(), "password", NEW_PASSWORD));
    assertThat(login.hasForm("kc-otp-login-form")).isTrue();
  }

  @Test
  void confirmationOfAnAddress_accountWithApp_doesNotSignIn() {
    var account = AppAccount.create();
    var user = "/realms/" + Realm.NAME + "/users/" + account.person().id();
    admin().post(user + "/logout", "");
    admin().put(user, "{\"emailVerified\":false}");

    admin().put(user + "/send-verify-email", "");
    var done = flow().newBrowser().open(account.person().nextMail().link()).confirm();

    assertThat(done.callback()).isNull();
    assertThat(realm("/users/" + account.person().id()).path("emailVerified").asBoolean()).isTrue();
    assertThat(sessionsOf(account.person())).isEmpty();
  }

  private static Page forgotten(Person person) {
    return flow()
        .begin()
        .loginPage()
        .follow("a[href*=reset-credentials]")
        .submit("kc-reset-password-form", Map.of("username", person.address()));
  }

  private static Mail resetLink(Person person) {
    var mail = person.nextMail();
    assertThat(mail.subject()).isEqualTo("Choose a new password");
    return mail;
  }

  private static Page choose(Page page) {
    return page.submit(
        "kc-passwd-update-form",
        Map.of("password-new", NEW_PASSWORD, "password-confirm", NEW_PASSWORD));
  }

  private static List<String> typesOf(Person person) {
    return realm("/users/" + person.id() + "/credentials").findValuesAsString("type");
  }

  private static List<String> sessionsOf(Person person) {
    return realm("/users/" + person.id() + "/sessions")
        .valueStream()
        .map(session -> session.path("id").asString())
        .toList();
  }
}
