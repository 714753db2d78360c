/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static rowlock.realm.RealmServer.PASSWORD;
import static rowlock.realm.RealmServer.admin;
import static rowlock.realm.RealmServer.flow;
import static rowlock.realm.RealmServer.guesses;
import static rowlock.realm.RealmServer.issuer;
import static rowlock.realm.RealmServer.mailbox;
import static rowlock.realm.RealmServer.realm;
import static rowlock.realm.RealmServer.register;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import rowlock.local.login.Page;
import rowlock.realm.RealmServer.Person;

/** Checks passkeys with a real browser and a simulated authenticator. */
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
  void passkeyLogin_restoresTheFailureBudgetOfTheName() {
    var person = register();
    addPasskey(person.address());
    visit.forgetCookies();
    var form =
        realm("/authentication/flows/rowlock-browser/executions")
            .valueStream()
            .filter(step -> step.path("providerId").asString().equals("rowlock-password-form"))
            .findFirst()
            .orElseThrow();
    admin()
        .post(
            "/realms/"
                + Realm.NAME
                + "/authentication/executions/"
                + form.path("id").asString()
                + "/config",
            "{\"alias\":\"two tries\",\"config\":{\"account-tries\":\"2\"}}");
    try {
      assertThat(passwordLogin(person, "wrong").status()).isEqualTo(200);
      assertThat(passwordLogin(person, "wrong").status()).isEqualTo(200);
      assertThat(passwordLogin(person, PASSWORD).status()).isEqualTo(429);

      device.touch(true);
      visit.open();
      visit.awaitSignedIn();

      assertThat(passwordLogin(person, PASSWORD).callback()).isNotNull();
    } finally {
      var config =
          realm("/authentication/executions/" + form.path("id").asString())
              .path("authenticatorConfig")
              .asString();
      admin().delete("/realms/" + Realm.NAME + "/authentication/config/" + config);
    }
  }

  private static Page passwordLogin(Person person, String password) {
    return flow()
        .begin()
        .loginPage()
        .submit("kc-form-login", Map.of("username", person.address(), "password", password));
  }

  @Test
  void authenticator_withoutUserVerification_isRefused() {
    var person = register();
    addPasskey(person.address());
    visit.forgetCookies();
    device.verifies(false);

    device.touch(true);
    visit.open();
    visit.clickOfScript("#authenticateWebAuthnButton");

    visit.page().waitForSelector(".pf-m-danger");
    assertThat(visit.page().textContent("main")).contains("The passkey could not be used");
    assertThat(visit.page().url()).startsWith(issuer());
  }

  @Test
  void wrongSignature_isRefusedAndCountsAgainstTheAddress() {
    var person = register();
    addPasskey(person.address());
    visit.forgetCookies();
    device.breakSignatures();
    var before = guesses();
    // once: the error page asks again without a click
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
  void password_besideAPasskey_isAccepted() {
    var person = register();
    addPasskey(person.address());
    visit.forgetCookies();

    visit.open();
    visit.enterPassword(person.address());

    visit.awaitSignedIn();
  }

  @Test
  void resetLink_accountWithAPasskeyAndNoPassword_isNotSent() {
    var person = register();
    addPasskey(person.address());
    var password =
        realm("/users/" + person.id() + "/credentials")
            .valueStream()
            .filter(credential -> credential.path("type").asString().equals("password"))
            .findFirst()
            .orElseThrow();
    admin()
        .delete(
            "/realms/"
                + Realm.NAME
                + "/users/"
                + person.id()
                + "/credentials/"
                + password.path("id").asString());
    var other = register();

    assertThat(forgotten(person)).contains("You should receive an email");
    assertThat(forgotten(other)).contains("You should receive an email");

    // mails are sent in order
    assertThat(other.nextMail().subject()).isEqualTo("Choose a new password");
    assertThat(mailbox().to(person.address()))
        .noneMatch(mail -> mail.subject().equals("Choose a new password"));
  }

  private static String forgotten(Person person) {
    return flow()
        .begin()
        .loginPage()
        .follow("a[href*=reset-credentials]")
        .submit("kc-reset-password-form", Map.of("username", person.address()))
        .text();
  }

  private void addPasskey(String user) {
    visit.open("kc_action", "webauthn-register-passwordless");
    visit.enterPassword(user);
    visit.page().waitForSelector("#registerWebAuthn");
    device.touch(true);
    visit.clickOfScript("#registerWebAuthn");
    visit.awaitSignedIn();
    device.touch(false);
  }
}
