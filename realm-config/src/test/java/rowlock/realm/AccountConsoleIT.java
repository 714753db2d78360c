/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static rowlock.realm.RealmServer.PASSWORD;
import static rowlock.realm.RealmServer.flow;
import static rowlock.realm.RealmServer.issuer;
import static rowlock.realm.RealmServer.mailbox;
import static rowlock.realm.RealmServer.realm;
import static rowlock.realm.RealmServer.register;

import com.microsoft.playwright.Page.GetByLabelOptions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import rowlock.local.login.OAuthException;

/** Checks the account console in a real browser. */
class AccountConsoleIT {
  @Test
  void devices_areListed_andOneCanBeSignedOut() {
    var person = register();
    try (var visit = Visit.start()) {
      var page = visit.page();
      page.navigate(issuer() + "/account/account-security/device-activity");
      visit.enterPassword(person.address());

      page.getByText("Signed in devices").waitFor();
      assertThat(page.content()).contains("Task command line");
      page.getByText(
              "Sign out", new com.microsoft.playwright.Page.GetByTextOptions().setExact(true))
          .first()
          .click();
      page.locator("#modal-confirm").click();

      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(realm("/users/" + person.id() + "/sessions")).hasSize(1));
    }
    assertThatThrownBy(() -> flow().refresh(person.tokens().requireRefreshToken()))
        .isInstanceOf(OAuthException.class);
  }

  @Test
  void newBrowserMail_switchedOff_isNotSent() {
    var person = register();
    try (var visit = Visit.start()) {
      var page = visit.page();
      page.navigate(issuer() + "/account/");
      visit.enterPassword(person.address());
      var mails = mailbox().await(person.address(), 2);
      assertThat(mails.subject()).isEqualTo("New sign-in to Rowlock");

      page.getByText("Send me a mail about sign-ins from a new browser").waitFor();
      assertThat(page.getByLabel("Yes", new GetByLabelOptions().setExact(true)).isChecked())
          .isTrue();
      page.getByLabel("No", new GetByLabelOptions().setExact(true)).check();
      page.getByTestId("save").click();
      page.getByText("Your account has been updated.").waitFor();
      assertThat(visit.window().problems()).isEmpty();
    }
    assertThat(realm("/users/" + person.id()).path("attributes").path("newBrowserMail").path(0))
        .hasToString("\"off\"");

    flow().login(person.address(), PASSWORD);
    // mails are sent in order, so the next mail is the requested one
    flow()
        .begin()
        .loginPage()
        .follow("a[href*=reset-credentials]")
        .submit("kc-reset-password-form", Map.of("username", person.address()));
    assertThat(mailbox().await(person.address(), 3).subject()).isEqualTo("Choose a new password");
  }

  @Test
  void registration_fromTheConsole_asksForNoSetting() {
    try (var visit = Visit.start()) {
      var page = visit.page();
      page.navigate(issuer() + "/account/");
      page.click("a[href*=registration]");
      page.waitForSelector("#kc-register-form #email");

      assertThat(page.locator("[name=newBrowserMail]").first().isVisible()).isFalse();
    }
  }

  @Test
  void savingAProfile_oldLogin_saysWhatToDo() {
    var person = register();
    try (var visit = Visit.start()) {
      var page = visit.page();
      page.navigate(issuer() + "/account/");
      visit.enterPassword(person.address());
      page.getByLabel("No", new GetByLabelOptions().setExact(true)).check();

      ActionSettings.whileLoginsAreTooOldFor(
          "UPDATE_PROFILE",
          () -> {
            page.getByTestId("save").click();
            page.getByText("sign out, sign in again").waitFor();
          });
    }
    assertThat(realm("/users/" + person.id()).path("attributes").path("newBrowserMail").path(0))
        .hasToString("\"on\"");
  }

  @Test
  void removingAFactor_recentAndStrongLogin_isConfirmedOnAPage() {
    var account = AppAccount.create();
    try (var visit = Visit.start()) {
      var page = visit.page();
      page.navigate(issuer() + "/account/account-security/signing-in");
      visit.enterPassword(account.person().address());
      page.fill("#otp", account.app().code(1));
      page.click("#kc-login");

      page.getByTestId("otp/credential-list").locator("[data-testrole=remove]").click();
      page.click("#kc-accept");

      page.getByTestId("otp/not-set-up").waitFor();
    }
    assertThat(realm("/users/" + account.person().id() + "/credentials").findValuesAsString("type"))
        .doesNotContain("otp");
  }
}
