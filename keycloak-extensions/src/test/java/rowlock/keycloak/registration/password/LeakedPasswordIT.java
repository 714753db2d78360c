/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.keycloak.registration.RangeService;
import rowlock.keycloak.registration.RegistrationRealm;
import rowlock.local.login.Page;
import rowlock.local.mail.MailServer;

/** The policy wherever a password is set, through the real pages and the admin API. */
class LeakedPasswordIT {
  private static final String LEAKED = "Sunshine2024!";
  private static final String MESSAGE = "This password is easy to guess";

  @TempDir private static Path mails;

  private final RegistrationRealm realm = new RegistrationRealm("registration");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "password",
        "PASSWORD",
        "P@ssw0rd",
        LEAKED,
        "monkeymonkey",
        "aaaaaaaaaaaa",
        "1234567890123",
        "Lodestar99!",
        "Registration2026",
        "CopperLane1",
        "storefront12345"
      })
  void registrationForm_commonPassword_isRejectedWithAdvice(String password) {
    var mail = RegistrationRealm.newMail();

    var page = register(mail, password);

    assertThat(page.hasForm("kc-register-form")).isTrue();
    assertThat(page.text()).contains(MESSAGE, "three or four unrelated words");
    assertThat(realm.knows(mail)).isFalse();
  }

  @Test
  void registrationForm_ownName_isRejected() {
    var mail = RegistrationRealm.newMail();

    assertThat(register(mail, mail.substring(0, mail.indexOf('@')) + "1").text()).contains(MESSAGE);
  }

  @Test
  void registrationForm_passphraseWithCommonWord_isAccepted() {
    assertThat(register(RegistrationRealm.newMail(), "password of the monkey").callback())
        .isNotNull();
  }

  @Test
  void registrationForm_germanLocale_messageIsGerman() {
    var browser = realm.flow().newBrowser();
    var english = realm.registration(browser);
    var german = english.document().selectFirst("option[value*='kc_locale=de']").absUrl("value");
    var page = browser.open(URI.create(german));

    var refusal = submit(page, RegistrationRealm.newMail(), LEAKED);

    assertThat(refusal.text()).contains("ist leicht zu erraten");
  }

  @Test
  void passwordReset_leakedPassword_isRejected() throws Exception {
    var mail = user();
    try (var server = MailServer.start(mails, 0, arrived -> {})) {
      realm.mailThrough(server.port());

      var form = realm.flow().begin().loginPage().follow("a[href*=reset-credentials]");
      form.submit("kc-reset-password-form", Map.of("username", mail));
      var browser = realm.flow().newBrowser();
      var reset = browser.open(server.mailbox().await(mail).link());
      while (!reset.hasForm("kc-passwd-update-form")) {
        reset = reset.follow("#kc-info-message a, .instruction a, a[href*=action-token]");
      }
      var refusal = update(reset, LEAKED);

      assertThat(refusal.hasForm("kc-passwd-update-form")).isTrue();
      assertThat(refusal.text()).contains(MESSAGE);
      assertThat(update(refusal, "quite another phrase").hasForm("kc-passwd-update-form"))
          .isFalse();
    }
    realm.flow().login(mail, "quite another phrase");
  }

  @Test
  void requiredAction_leakedPassword_isRejected() {
    var mail = user();
    RegistrationRealm.admin()
        .put(
            "/realms/registration/users/" + id(mail),
            "{\"requiredActions\":[\"UPDATE_PASSWORD\"]}");

    var form =
        realm
            .flow()
            .begin()
            .loginPage()
            .submit(
                "kc-form-login", Map.of("username", mail, "password", RegistrationRealm.PASSWORD));
    var refusal = update(form, LEAKED);

    assertThat(refusal.text()).contains(MESSAGE);
    assertThat(update(refusal, "quite another phrase").callback()).isNotNull();
  }

  @Test
  void admin_leakedPassword_isRejected() {
    var mail = user();
    var path = "/realms/registration/users/" + id(mail) + "/reset-password";

    assertThatThrownBy(
            () ->
                RegistrationRealm.admin()
                    .put(path, "{\"type\":\"password\",\"value\":\"%s\"}".formatted(LEAKED)))
        .hasMessageContaining("was answered 400")
        .hasMessageContaining(MESSAGE);
    RegistrationRealm.admin()
        .put(path, "{\"type\":\"password\",\"value\":\"quite another phrase\"}");
  }

  @Test
  void policy_invalidValue_isNotSaved() {
    assertThatThrownBy(
            () ->
                RegistrationRealm.admin()
                    .put(
                        "/realms/registration",
                        "{\"passwordPolicy\":\"leaked-password(a, lodestar)\"}"))
        .hasMessageContaining("was answered 400");
    assertThat(
            RegistrationRealm.admin().get("/realms/registration").path("passwordPolicy").asString())
        .contains("leaked-password(lodestar)");
  }

  @Test
  void registrationForm_passwordOfOperatorsFile_isRejected() {
    assertThat(register(RegistrationRealm.newMail(), RegistrationRealm.IN_THE_FILE).text())
        .contains(MESSAGE);
    assertThat(
            register(RegistrationRealm.newMail(), RegistrationRealm.IN_THE_FILE + "!").callback())
        .isNotNull();
  }

  @Test
  void rangeLookUp_receivesFiveDigitsOnly() {
    assertThat(register(RegistrationRealm.newMail(), RangeService.LEAKED).text()).contains(MESSAGE);
    assertThat(register(RegistrationRealm.newMail(), RangeService.PADDED).callback()).isNotNull();

    assertThat(RangeService.SHARED.asked())
        .contains("/range/" + RangeService.sha1(RangeService.LEAKED).substring(0, 5))
        .allMatch(path -> path.matches("/range/[0-9A-F]{5}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {RangeService.HANGING, RangeService.BROKEN})
  void rangeLookUp_fails_passwordIsAcceptedAndFailureCounted(String password) {
    var before = failures();

    assertThat(register(RegistrationRealm.newMail(), password).callback()).isNotNull();

    assertThat(failures()).isGreaterThan(before);
  }

  @Test
  void rangeLookUp_slowBody_timesOut() {
    var before = failures();
    var form = realm.registration();
    var start = System.nanoTime();

    assertThat(submit(form, RegistrationRealm.newMail(), RangeService.DRIPPING).callback())
        .isNotNull();

    // the timeout is half a second, the answer takes half a minute
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    assertThat(failures()).isGreaterThan(before);
  }

  private static double failures() {
    return RegistrationRealm.metrics()
        .lines()
        .filter(line -> line.startsWith("rowlock_password_range_total{outcome=\"failed\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Test
  void serverInfo_showsPasswordSources() {
    var info =
        RegistrationRealm.admin()
            .get("/serverinfo")
            .at("/providers/password-policy/providers/leaked-password/operationalInfo");

    assertThat(info.path("Passwords").asString())
        .matches("[0-9]{5} bundled, hashes.txt of .*, range look-up");
    assertThat(info.path("Version").asString()).isNotBlank();
  }

  private String user() {
    var mail = RegistrationRealm.newMail();
    realm.flow().register(mail, RegistrationRealm.PASSWORD, "", "");
    return mail;
  }

  private String id(String mail) {
    return realm.read("/users?exact=true&email=" + mail).path(0).path("id").asString();
  }

  private Page register(String mail, String password) {
    return submit(realm.registration(), mail, password);
  }

  private static Page submit(Page form, String mail, String password) {
    return form.submit(
        "kc-register-form",
        Map.of("email", mail, "password", password, "password-confirm", password));
  }

  private static Page update(Page form, String password) {
    return form.submit(
        "kc-passwd-update-form", Map.of("password-new", password, "password-confirm", password));
  }
}
