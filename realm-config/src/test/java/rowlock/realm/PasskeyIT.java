/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static rowlock.realm.RealmServer.guesses;
import static rowlock.realm.RealmServer.issuer;
import static rowlock.realm.RealmServer.realm;
import static rowlock.realm.RealmServer.register;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Passkeys, with a real browser and an authenticator that it simulates. */
class PasskeyIT {
  private Visit visit;
  private Authenticator device;

  @BeforeEach
  void openAPageOnADeviceWithAnAuthenticator() {
    visit = Visit.start();
    device = Authenticator.passkeys(visit.window());
  }

  @AfterEach
  void close() {
    if (visit != null) {
      visit.close();
    }
  }

  @Test
  void aPasskeySignsInWithoutNameOrPassword() {
    var person = register();
    addPasskey(person.address());
    assertThat(realm("/users/" + person.id() + "/credentials").findValuesAsString("type"))
        .containsExactlyInAnyOrder("password", "webauthn-passwordless");
    visit.forgetCookies();

    device.touch(true);
    visit.open();

    visit.awaitSignedIn();
    assertThat(realm("/users/" + person.id() + "/sessions")).hasSizeGreaterThanOrEqualTo(2);
    assertThat(visit.window().problems()).isEmpty();
  }

  @Test
  void anAuthenticatorThatCannotTellWhoUsesItIsNotEnough() {
    var person = register();
    addPasskey(person.address());
    visit.forgetCookies();
    device.verifies(false);

    device.touch(true);
    visit.open();
    visit.page().click("#authenticateWebAuthnButton");

    visit.page().waitForSelector(".pf-m-danger");
    assertThat(visit.page().textContent("main")).contains("Failed to authenticate by the Passkey");
    assertThat(visit.page().url()).startsWith(issuer());
  }

  @Test
  void aWrongSignatureSignsNobodyInAndCountsAgainstTheAddress() {
    var person = register();
    addPasskey(person.address());
    visit.forgetCookies();
    device.breakSignatures();
    var before = guesses();
    // once: the page that says that it was wrong asks again by itself
    visit
        .page()
        .route(
            "**/login-actions/**",
            answer -> {
              device.touch(false);
              answer.resume();
            });

    device.touch(true);
    visit.open();

    visit.page().waitForSelector(".pf-m-danger");
    assertThat(visit.page().url()).startsWith(issuer());
    assertThat(guesses()).isEqualTo(before + 1);
  }

  @Test
  void thePasswordGoesOnWorkingBesideAPasskey() {
    var person = register();
    addPasskey(person.address());
    visit.forgetCookies();

    visit.open();
    visit.enterPassword(person.address());

    visit.awaitSignedIn();
  }

  private void addPasskey(String user) {
    visit.open("kc_action", "webauthn-register-passwordless");
    visit.enterPassword(user);
    visit.page().waitForSelector("#registerWebAuthn");
    device.touch(true);
    visit.page().click("#registerWebAuthn");
    visit.awaitSignedIn();
    device.touch(false);
  }
}
