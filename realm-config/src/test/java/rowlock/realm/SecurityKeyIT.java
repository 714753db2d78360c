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
import rowlock.realm.RealmServer.Person;

/** Checks a security key as second factor, with a real browser and a simulated key. */
class SecurityKeyIT {
  private Visit visit;
  private Authenticator key;
  private Person person;

  @BeforeEach
  void setUpKey() {
    visit = Visit.start();
    key = Authenticator.securityKey(visit.window());
    person = register();
    visit.open("kc_action", "webauthn-register");
    visit.enterPassword(person.address());
    visit.page().waitForSelector("#registerWebAuthn");
    key.touch(true);
    visit.clickOfScript("#registerWebAuthn");
    visit.awaitSignedIn();
    key.touch(false);
    visit.forgetCookies();
  }

  @AfterEach
  void close() {
    if (visit != null) {
      visit.close();
    }
  }

  @Test
  void passwordAndKeySignIn() {
    assertThat(realm("/users/" + person.id() + "/credentials").findValuesAsString("type"))
        .containsExactlyInAnyOrder("password", "webauthn");

    password();
    key.touch(true);
    visit.clickOfScript("#authenticateWebAuthnButton");

    visit.awaitSignedIn();
    assertThat(visit.window().problems()).isEmpty();
  }

  @Test
  void passwordAlone_doesNotSignIn() {
    var sessions = realm("/users/" + person.id() + "/sessions").size();
    password();

    assertThat(visit.page().url()).startsWith(issuer());
    assertThat(realm("/users/" + person.id() + "/sessions")).hasSize(sessions);
  }

  @Test
  void keyAlone_doesNotSignIn() {
    visit.open();
    key.touch(true);
    visit.clickOfScript("#authenticateWebAuthnButton");

    visit.page().waitForSelector(".pf-m-danger");
    assertThat(visit.page().url()).startsWith(issuer());
  }

  @Test
  void aWrongSignatureCountsAgainstTheAccountAndTheAddress() {
    var before = guesses();
    key.breakSignatures();

    password();
    key.touch(true);
    visit.clickOfScript("#authenticateWebAuthnButton");

    visit.page().waitForSelector("#kc-error-message, .pf-m-danger, #kc-tryagain");
    assertThat(visit.page().url()).startsWith(issuer());
    assertThat(guesses()).isEqualTo(before + 1);
  }

  private void password() {
    visit.open();
    visit.enterPassword(person.address());
    visit.page().waitForSelector("#authenticateWebAuthnButton");
  }
}
