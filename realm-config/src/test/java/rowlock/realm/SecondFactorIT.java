/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static rowlock.realm.AppAccount.enter;
import static rowlock.realm.RealmServer.admin;
import static rowlock.realm.RealmServer.flow;
import static rowlock.realm.RealmServer.guesses;
import static rowlock.realm.RealmServer.realm;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import rowlock.field.FieldReport;
import rowlock.local.login.BrowserSession;
import rowlock.local.login.Page;
import rowlock.realm.RealmServer.Person;

/** Checks one-time codes of an authenticator app, and recovery codes for a user without the app. */
class SecondFactorIT {
  /** Number of failures after which the realm locks an account. */
  private static final int FAILURES = 10;

  private Person person;
  private BrowserSession browser;
  private Totp app;
  private List<String> recoveryCodes;

  @BeforeEach
  void setUpTheApp() {
    var account = AppAccount.create();
    person = account.person();
    browser = account.browser();
    app = account.app();
    recoveryCodes = account.recoveryCodes();
  }

  @Test
  void recoveryCodesAreMadeTogetherWithTheApp() {
    assertThat(recoveryCodes).hasSize(12).doesNotHaveDuplicates();
    assertThat(realm("/users/" + person.id() + "/credentials").findValuesAsString("type"))
        .containsExactlyInAnyOrder("password", "otp", "recovery-authn-codes");
  }

  @Test
  void thePasswordAloneDoesNotSignIn() {
    var page = password();

    assertThat(page.callback()).isNull();
    assertThat(page.hasForm("kc-otp-login-form")).isTrue();
    assertThat(enter(page, "000000").callback()).isNull();
  }

  @Test
  void aCodeSignsInOnce() {
    // the next code, because the current one was used to set up the app
    var code = app.code(1);

    assertThat(enter(password(), code).callback()).isNotNull();
    assertThat(enter(password(), code).callback()).isNull();
  }

  @Test
  void codeOfTheSetUp_isNotAcceptedAgain() {
    assertThat(enter(password(), app.code(0)).callback()).isNull();
  }

  @Test
  void aRecoveryCodeSignsInOnce() {
    assertThat(recover(recoveryCodes.get(0)).callback()).isNotNull();
    assertThat(recover(recoveryCodes.get(0)).callback()).isNull();
    assertThat(recover(recoveryCodes.get(1)).callback()).isNotNull();
  }

  @Test
  void wrongCodesCountAgainstTheAccountAndTheAddress() {
    var before = guesses();
    enter(password(), "000000");

    assertThat(guesses()).isEqualTo(before + 1);
    assertThat(
            realm("/attack-detection/brute-force/users/" + person.id()).path("numFailures").asInt())
        .isEqualTo(1);
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/46164")
  @Test
  void wrongCodes_inBrowserOfTheOwner_lockToo() {
    admin().post("/realms/" + Realm.NAME + "/users/" + person.id() + "/logout", "");
    var page = password(browser);
    for (var guess = 0; guess < FAILURES; guess++) {
      page = enter(page, "000000");
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                realm("/attack-detection/brute-force/users/" + person.id())
                    .path("disabled")
                    .asBoolean());

    // this browser may enter the password in spite of the lock, which strangers can cause
    page = password(browser);
    assertThat(page.hasForm("kc-otp-login-form")).isTrue();
    assertThat(enter(page, app.code(1)).callback()).isNull();
  }

  @Test
  void wrongRecoveryCodesCountToo() {
    var before = guesses();

    assertThat(recover("AAAA-BBBB-CCCC").callback()).isNull();

    assertThat(guesses()).isEqualTo(before + 1);
  }

  private Page password() {
    return password(flow().newBrowser());
  }

  private Page password(BrowserSession in) {
    return AppAccount.signIn(in, person);
  }

  private Page recover(String code) {
    return AppAccount.recover(password(), code);
  }
}
