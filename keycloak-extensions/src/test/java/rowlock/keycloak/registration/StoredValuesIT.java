/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.field.FieldReport;
import tools.jackson.databind.JsonNode;

/** Accounts whose values were valid when they were saved, and are invalid under a newer rule. */
class StoredValuesIT {
  private static final String PROFILE = "/realms/registration/users/profile";
  private static final String REFUSED = "rowlockThrowAwayMail";
  private static final String NICKNAME = "a long name";

  private final RegistrationRealm realm = new RegistrationRealm("registration");
  private JsonNode before;
  private String domain;
  private String mail;
  private String id;

  @BeforeEach
  void createAccountAndThenRefuseItsDomain() {
    before = RegistrationRealm.admin().get(PROFILE);
    domain = "late-" + UUID.randomUUID() + ".example";
    mail = "user@" + domain;
    RegistrationRealm.admin()
        .post(
            "/realms/registration/users",
            """
            {"username":"%1$s","email":"%1$s","emailVerified":true,"enabled":true,
             "credentials":[{"type":"password","value":"%2$s"}]}
            """
                .formatted(mail, RegistrationRealm.PASSWORD));
    id = realm.read("/users?exact=true&username=" + mail).path(0).path("id").asString();
    rule("\"burner.example\"", "\"burner.example\",\"" + domain + "\"");
  }

  @AfterEach
  void restoreProfile() {
    RegistrationRealm.admin().put(PROFILE, before.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"enabled\":false}",
        "{\"requiredActions\":[\"UPDATE_PASSWORD\"]}",
        "{\"emailVerified\":false}",
        "{\"enabled\":false,\"username\":\"MAIL\",\"email\":\"MAIL\",\"attributes\":{}}",
        "{\"credentials\":[{\"type\":\"password\",\"value\":\"four quite different words\"}]}"
      })
  void administrator_keepsRefusedAddress_isAccepted(String change) {
    update(change.replace("MAIL", mail));

    assertThat(user().path("email").asString()).isEqualTo(mail);
    if (change.contains("enabled")) {
      assertThat(user().path("enabled").asBoolean()).isFalse();
    }
  }

  @Test
  void administrator_setsAnotherRefusedAddress_isRefused() {
    assertThatThrownBy(() -> update("{\"email\":\"other@" + domain + "\",\"enabled\":false}"))
        .hasMessageContaining("was answered 400")
        .hasMessageContaining(REFUSED);

    assertThat(user().path("enabled").asBoolean()).isTrue();
  }

  /** Rules of the server's own validators. */
  @FieldReport("https://github.com/keycloak/keycloak/pull/26732")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"max\":254 | \"max\":5",
        "\"email\":{} | \"email\":{\"max-local-length\":\"2\"}",
        "\"email\":{} | \"email\":{},\"pattern\":{\"pattern\":\"^x$\",\"error-message\":\"x\"}",
        "\"roles\":[\"user\"] | \"roles\":[\"user\",\"admin\"]"
      })
  void administrator_newerRuleOfTheServer_disablesTheAccount(String rule, String newer) {
    rule(rule, newer);

    update("{\"enabled\":false}");

    assertThat(user().path("enabled").asBoolean()).isFalse();
  }

  @Test
  void administrator_requiredAddressMissing_disablesTheAccount() {
    var name = "nameless-" + UUID.randomUUID();
    RegistrationRealm.admin()
        .post(
            "/realms/registration/partialImport",
            "{\"ifResourceExists\":\"FAIL\",\"users\":[{\"username\":\"%s\",\"enabled\":true}]}"
                .formatted(name));
    id = realm.read("/users?exact=true&username=" + name).path(0).path("id").asString();
    rule("\"roles\":[\"user\"]", "\"roles\":[\"user\",\"admin\"]");

    update("{\"enabled\":false}");

    assertThat(user().path("enabled").asBoolean()).isFalse();
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/24697")
  @Test
  void requiredAction_keepsRefusedValue_continues() {
    nicknameThatBecomesTooLong();
    update("{\"requiredActions\":[\"UPDATE_PROFILE\"]}");
    var form =
        realm
            .flow()
            .begin()
            .loginPage()
            .submit(
                "kc-form-login", Map.of("username", mail, "password", RegistrationRealm.PASSWORD));

    var refused = form.submit("kc-update-profile-form", Map.of("nickname", "also too long"));
    assertThat(refused.hasForm("kc-update-profile-form")).isTrue();
    var done = refused.submit("kc-update-profile-form", Map.of("nickname", NICKNAME));

    assertThat(done.callback()).as(done.text()).isNotNull();
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/24697")
  @Test
  void accountApi_keepsRefusedValues_saves() {
    nicknameThatBecomesTooLong();
    var token = realm.flow().login(mail, RegistrationRealm.PASSWORD).accessToken();

    assertThat(account(token, "also too long").statusCode()).isEqualTo(400);
    assertThat(account(token, NICKNAME).statusCode()).isEqualTo(204);
  }

  private void nicknameThatBecomesTooLong() {
    rule(
        "\"attributes\":[",
        """
        "attributes":[{"name":"nickname","permissions":{"view":["admin","user"],"edit":["admin","user"]},
         "validations":{"length":{"max":50}}},
        """);
    update(
        "{\"username\":\"%1$s\",\"email\":\"%1$s\",\"attributes\":{\"nickname\":[\"%2$s\"]}}"
            .formatted(mail, NICKNAME));
    rule("\"max\":50", "\"max\":3");
  }

  private HttpResponse<String> account(String token, String nickname) {
    var request =
        HttpRequest.newBuilder(
                URI.create(RegistrationRealm.server().issuer("registration") + "/account"))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .POST(
                BodyPublishers.ofString(
                    "{\"username\":\"%1$s\",\"email\":\"%1$s\",\"attributes\":{\"nickname\":[\"%2$s\"]}}"
                        .formatted(mail, nickname),
                    UTF_8))
            .build();
    try (var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void rule(String present, String newer) {
    var profile = RegistrationRealm.admin().get(PROFILE).toString();
    assertThat(profile).contains(present);
    RegistrationRealm.admin().put(PROFILE, profile.replace(present, newer));
  }

  private void update(String change) {
    RegistrationRealm.admin().put("/realms/registration/users/" + id, change);
  }

  private JsonNode user() {
    return realm.read("/users/" + id);
  }
}
