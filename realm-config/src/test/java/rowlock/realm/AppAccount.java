/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static rowlock.realm.RealmServer.PASSWORD;
import static rowlock.realm.RealmServer.flow;
import static rowlock.realm.RealmServer.register;

import java.util.List;
import java.util.Map;
import rowlock.local.login.BrowserSession;
import rowlock.local.login.Page;
import rowlock.realm.RealmServer.Person;

/**
 * Represents an account with an authenticator app and recovery codes.
 *
 * @param browser in which the app was set up; it is signed in
 * @param app whose current code was used for the set-up, so its next code is the first valid one
 */
record AppAccount(Person person, BrowserSession browser, Totp app, List<String> recoveryCodes) {
  static AppAccount create() {
    var person = register();
    var browser = flow().newBrowser();
    signIn(browser, person);
    return addTo(person, browser);
  }

  /** Sets up an app in a browser that is signed in. */
  static AppAccount addTo(Person person, BrowserSession browser) {
    var manual =
        flow()
            .with("kc_action", "CONFIGURE_TOTP")
            .begin(browser)
            .loginPage()
            .follow("#mode-manual");
    var app = Totp.of(manual.document().select("#kc-totp-secret-key").text());
    var codes =
        manual.submit("kc-totp-settings-form", Map.of("totp", app.code(0), "userLabel", "Phone"));
    var recoveryCodes =
        List.of(
            codes.document().select("[name=generatedRecoveryAuthnCodes]").attr("value").split(","));
    assertThat(codes.submit("kc-recovery-codes-settings-form", Map.of()).callback()).isNotNull();
    return new AppAccount(person, browser, app, recoveryCodes);
  }

  static Page signIn(BrowserSession browser, Person person) {
    return flow()
        .begin(browser)
        .loginPage()
        .submit("kc-form-login", Map.of("username", person.address(), "password", PASSWORD));
  }

  /** Enters a code on a page that asks for the code of the app. */
  static Page enter(Page page, String code) {
    return page.submit("kc-otp-login-form", Map.of("otp", code));
  }

  /** Enters a recovery code on a page that asks for a second factor. */
  static Page recover(Page page, String code) {
    var ways = page.submit("kc-select-try-another-way-form", Map.of());
    // each method has its own form, next to its label
    var recovery =
        ways.document().select("#kc-select-credential-form").stream()
            .filter(way -> way.parent().text().contains("Recovery"))
            .map(way -> way.select("[name=authenticationExecution]").val())
            .toList();
    return ways.submit(
            "kc-select-credential-form", Map.of("authenticationExecution", recovery.getLast()))
        .submit("kc-recovery-code-login-form", Map.of("recoveryCodeInput", code));
  }
}
