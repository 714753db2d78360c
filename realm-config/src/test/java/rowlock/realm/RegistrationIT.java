/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static rowlock.realm.RealmServer.JSON;
import static rowlock.realm.RealmServer.PASSWORD;
import static rowlock.realm.RealmServer.claims;
import static rowlock.realm.RealmServer.flow;
import static rowlock.realm.RealmServer.mailbox;
import static rowlock.realm.RealmServer.newAddress;
import static rowlock.realm.RealmServer.realm;
import static rowlock.realm.RealmServer.register;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rowlock.field.FieldReport;
import rowlock.local.login.BrowserSession;
import rowlock.local.login.Page;
import tools.jackson.databind.JsonNode;

/** Checks registration, passwords and limits of guesses through the real pages. */
class RegistrationIT {
  @Test
  void registration_confirmedAddressAndPassword_signsIn() {
    var form = registrationForm();

    assertThat(
            form.document()
                .select(
                    "form#kc-register-form input[type=text], form#kc-register-form"
                        + " input[type=email], input[type=password]"))
        // visible fields only
        .filteredOn(input -> input.closest("[aria-hidden=true]") == null)
        .extracting(input -> input.attr("name"))
        .containsExactly("email");

    var person = register();
    assertThat(claims(person.tokens().accessToken()).path("email").asString())
        .isEqualTo(person.address());
    assertThat(realm("/users/" + person.id()).path("username").asString())
        .isEqualTo(person.address());
    assertThat(claims(person.tokens().accessToken()).path("email_verified").asBoolean()).isTrue();
  }

  @Test
  void names_areAskedForScopeProfileAndAreOptional() {
    var attempt = flow().withScope("openid profile").begin();
    var form = attempt.loginPage().follow("a[href*=registration]");
    var address = newAddress();

    assertThat(form.document().select("input[name=firstName], input[name=lastName]")).hasSize(2);
    assertThat(form.document().select("[name=newBrowserMail]")).isEmpty();
    var tokens = attempt.finish(choose(confirm(submit(form, address), address), PASSWORD));

    assertThat(claims(tokens.accessToken()).path("email").asString()).isEqualTo(address);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          x7-qr.v9_kt  | minimum length 12
          ADDRESS      | This password is easy to guess
          LONG         | maximum length 128
          LEAKED       | This password is easy to guess
          """)
  void aWeakPasswordIsRefusedOnTheFormWithTheReason(String password, String reason) {
    var address = newAddress();
    var chosen =
        switch (password) {
          case "ADDRESS" -> address;
          case "LEAKED" -> "Password2026!";
          case "LONG" -> "three words ".repeat(11).substring(0, 129);
          default -> password.substring(0, 11);
        };

    var page = choose(confirm(submit(registrationForm(), address), address), chosen);

    assertThat(page.hasForm("kc-passwd-update-form")).isTrue();
    assertThat(page.text()).contains(reason);
    var user = realm("/users?exact=true&email=" + address).path(0).path("id").asString();
    assertThat(realm("/users/" + user + "/credentials")).isEmpty();
  }

  @Test
  void longPassphrase_withoutDigitsOrCapitals_isAccepted() {
    var address = newAddress();

    var page = choose(confirm(submit(registrationForm(), address), address), "x y ".repeat(32));

    assertThat(page.callback()).isNotNull();
  }

  @Test
  void invalidAddress_isRefused() {
    var page = submit(registrationForm(), "not an address");

    assertThat(page.text()).contains("Invalid email address");
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/24242")
  @FieldReport("https://github.com/keycloak/keycloak/issues/41994")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          en | We cannot send mail to an address with letters such as ä
          de | können wir keine Mail senden
          """)
  void address_unsupportedByMailServer_isExplained(String language, String explanation) {
    var form =
        flow().with("ui_locales", language).begin().loginPage().follow("a[href*=registration]");

    var page = submit(form, "jörg-" + newAddress());

    assertThat(page.text()).contains(explanation).doesNotContain("ASCII");
  }

  @Test
  void aThrowAwayAddressIsRefused() {
    var page = submit(registrationForm(), "user@mailinator.com");

    assertThat(page.text()).contains("Addresses at mailinator.com are temporary");
  }

  @Test
  void registrationForm_hasHoneypotAndStamp() {
    assertThat(
            registrationForm()
                .document()
                .select("[aria-hidden=true] input[name=homepage], input[name=rowlock-stamp]"))
        .hasSize(2);
  }

  @Test
  void takenAddress_isReported() {
    var person = register();

    var page = submit(registrationForm(), person.address());

    assertThat(page.hasForm("kc-register-form")).isTrue();
    assertThat(page.text()).contains("Email already exists");
  }

  @Test
  void passwordsAreHashedWithArgon2id() {
    var person = register();

    var credentials = realm("/users/" + person.id() + "/credentials");

    assertThat(credentials).hasSize(1);
    var stored = JSON.readTree(credentials.path(0).path("credentialData").asString());
    assertThat(stored.path("algorithm").asString()).isEqualTo("argon2");
    assertThat(stored.path("hashIterations").asInt()).isEqualTo(5);
    assertThat(stored.at("/additionalParameters/type/0").asString()).isEqualTo("id");
    assertThat(stored.at("/additionalParameters/parallelism/0").asInt()).isEqualTo(1);
  }

  @Test
  void aWrongPasswordAndAnUnknownAddressLookTheSame() {
    var wrong = login(register().address(), "not the password");
    var unknown = login(newAddress(), "not the password");

    assertThat(wrong.hasForm("kc-form-login")).isTrue();
    assertThat(wrong.text()).contains("Invalid username or password").isEqualTo(unknown.text());
    assertThat(wrong.status()).isEqualTo(unknown.status());
  }

  @Test
  void oneWrongPassword_doesNotLockTheAccount() {
    var person = register();
    login(person.address(), "not the password");

    assertThat(login(person.address(), PASSWORD).callback()).isNotNull();
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/26172")
  @FieldReport("https://github.com/keycloak/keycloak/pull/2323")
  @Test
  void guesses_lockTheAccountTemporarilyWithoutTellingSo() {
    var person = register();
    var refusal = login(person.address(), "guess").text();

    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              login(person.address(), "another guess");
              return guesses(person.id()).path("disabled").asBoolean();
            });

    var page = login(person.address(), PASSWORD);
    assertThat(page.callback()).isNull();
    assertThat(page.text()).isEqualTo(refusal);
    assertThat(realm("/users/" + person.id()).path("enabled").asBoolean()).isTrue();
  }

  @Test
  void pages_areAvailableInGerman() {
    var request =
        Map.of(
            "client_id",
            "task-cli",
            "response_type",
            "code",
            "scope",
            "openid",
            "redirect_uri",
            "http://127.0.0.1/",
            "ui_locales",
            "de",
            "code_challenge",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
            "code_challenge_method",
            "S256");

    var german = new BrowserSession().open(RealmServer.authorization(request));

    assertThat(german.document().select("html").attr("lang")).isEqualTo("de");
    assertThat(german.text()).contains("Anmelden");
    assertThat(flow().begin().loginPage().document().select("html").attr("lang")).isEqualTo("en");
  }

  @Test
  void registrationWithoutAPasswordIsRefused() {
    assertThatThrownBy(() -> flow().register(newAddress(), "", "", ""))
        .isInstanceOf(IllegalStateException.class);
  }

  private static JsonNode guesses(String user) {
    return realm("/attack-detection/brute-force/users/" + user);
  }

  private static Page login(String address, String password) {
    return flow()
        .begin()
        .loginPage()
        .submit("kc-form-login", Map.of("username", address, "password", password));
  }

  private static Page registrationForm() {
    return flow().begin().loginPage().follow("a[href*=registration]");
  }

  private static Page submit(Page form, String address) {
    return form.submit("kc-register-form", Map.of("email", address));
  }

  private static Page confirm(Page page, String address) {
    return page.openMail(mailbox().await(address).link());
  }

  private static Page choose(Page page, String password) {
    return page.submit(
        "kc-passwd-update-form", Map.of("password-new", password, "password-confirm", password));
  }
}
