/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.keycloak.registration.RegistrationRealm;
import rowlock.local.login.Page;

/** The validator on the real pages and in the admin API. */
class ThrowAwayMailIT {
  private static final String PROFILE = "/realms/registration/users/profile";

  private final RegistrationRealm realm = new RegistrationRealm("registration");

  @ParameterizedTest
  @ValueSource(
      strings = {"mailinator.com", "MAILINATOR.com", "deep.below.mailinator.com", "burner.example"})
  void registrationForm_disposableAddress_isRejectedWithReason(String domain) {
    var mail = "w-" + UUID.randomUUID() + "@" + domain;

    var page = register(mail);

    assertThat(page.text())
        .contains("Addresses at " + domain.toLowerCase(Locale.ROOT) + " are temporary");
    assertThat(realm.knows(mail)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"example.org", "kept.mailinator.com", "duck.com"})
  void registrationForm_ordinaryAddress_isAccepted(String domain) {
    assertThat(register("w-" + UUID.randomUUID() + "@" + domain).callback()).isNotNull();
  }

  @Test
  void admin_disposableAddress_isRejected() {
    assertThatThrownBy(
            () ->
                RegistrationRealm.admin()
                    .post(
                        "/realms/registration/users",
                        "{\"username\":\"x@yopmail.com\",\"email\":\"x@yopmail.com\",\"enabled\":true}"))
        .hasMessageContaining("was answered 400")
        .hasMessageContaining("rowlockThrowAwayMail");
  }

  @Test
  void setting_invalidDomain_isNotSaved() {
    var before = RegistrationRealm.admin().get(PROFILE);

    assertThatThrownBy(
            () ->
                RegistrationRealm.admin()
                    .put(PROFILE, before.toString().replace("burner.example", "not a domain")))
        .hasMessageContaining("was answered 400");

    assertThat(RegistrationRealm.admin().get(PROFILE)).isEqualTo(before);
  }

  @Test
  void serverInfo_showsDateOfTheList() {
    var info = RegistrationRealm.admin().get("/serverinfo");

    assertThat(
            info.at("/providers/validator/providers/not-throw-away-mail/operationalInfo/List")
                .asString())
        .matches("[0-9]{6} domains of 20[0-9]{2}-[0-9]{2}-[0-9]{2}");
    var type =
        info.at("/componentTypes/org.keycloak.validate.Validator")
            .valueStream()
            .filter(one -> one.path("id").asString().equals("not-throw-away-mail"))
            .findFirst()
            .orElseThrow();
    assertThat(type.path("helpText").asString()).contains(" domains of 20");
    assertThat(type.path("properties").findValuesAsString("name"))
        .containsExactly("allowed-domains", "refused-domains");
  }

  private Page register(String mail) {
    return realm
        .registration()
        .submit(
            "kc-register-form",
            Map.of(
                "email",
                mail,
                "password",
                RegistrationRealm.PASSWORD,
                "password-confirm",
                RegistrationRealm.PASSWORD));
  }
}
