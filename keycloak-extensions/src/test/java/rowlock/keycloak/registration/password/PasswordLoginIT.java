/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.keycloak.registration.RangeService;
import rowlock.keycloak.registration.RegistrationRealm;
import rowlock.local.login.Page;
import rowlock.local.mail.Mailbox;
import rowlock.local.testing.TestServers;
import tools.jackson.databind.JsonNode;

/** Passwords that were set before the policy, at the login with the real pages. */
class PasswordLoginIT {
  private static final String LEAKED = "Qwerty123456!";
  private static final String GOOD = "quite another phrase";
  private static final String POLICY = "length(8) and leaked-password(lodestar)";

  private static final RegistrationRealm REALM = new RegistrationRealm("leaked-login");
  private static final Mailbox MAILBOX = TestServers.mail().mailbox();

  @BeforeEach
  void mail() {
    REALM.mailThrough(TestServers.mail().port());
  }

  @Test
  void requireChange_leakedPassword_isChangedFirst() {
    var user = user(LEAKED);
    set("require-change", POLICY);

    var form = signIn(user, LEAKED);

    assertThat(form.callback()).isNull();
    assertThat(form.hasForm("kc-passwd-update-form")).isTrue();
    var refusal = update(form, LEAKED);
    assertThat(refusal.text()).contains("This password is easy to guess");
    assertThat(sessionsOf(user)).isEmpty();
    assertThat(update(refusal, GOOD).callback()).isNotNull();
    assertThat(signIn(user, GOOD).callback()).isNotNull();
    var mail = MAILBOX.await(user);
    assertThat(mail.subject()).isEqualTo("Please change your password at Copper Lane");
    assertThat(mail.text()).contains("before you can continue").doesNotContain(LEAKED);
  }

  @Test
  void requireChange_abandonedChange_isRequiredAgain() {
    var user = user(LEAKED);
    set("require-change", POLICY);

    assertThat(signIn(user, LEAKED).hasForm("kc-passwd-update-form")).isTrue();

    assertThat(account(user).path("requiredActions")).isEmpty();
    assertThat(signIn(user, LEAKED).hasForm("kc-passwd-update-form")).isTrue();
    await().until(() -> !MAILBOX.to(user).isEmpty());
    assertThat(MAILBOX.to(user)).as("one mail a week").hasSize(1);
  }

  @Test
  void requireChange_passwordGrant_getsNoToken() throws Exception {
    var user = user(LEAKED);
    var other = user(GOOD);
    set("require-change", POLICY);

    var refused = grant(user, LEAKED);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("invalid_grant").doesNotContain("access_token");
    assertThat(grant(other, GOOD).body()).contains("access_token");
  }

  @Test
  void requireChange_newLoginToAnExistingSession_isChecked() {
    var user = user(LEAKED);
    set("off", POLICY);
    var browser = REALM.flow().newBrowser();
    var login = REALM.flow().begin(browser);
    login.finish(submit(login.loginPage(), user, LEAKED));
    set("require-change", POLICY);

    var again = REALM.flow().with("prompt", "login").begin(browser).loginPage();
    var page = again.submit("kc-form-login", Map.of("password", LEAKED)); // the name is known

    assertThat(page.hasForm("kc-passwd-update-form")).isTrue();
  }

  @Test
  void requireChange_wrongPassword_isAnsweredAsBefore() {
    var user = user(LEAKED);
    set("require-change", POLICY);

    var page = signIn(user, LEAKED + "?");

    assertThat(page.hasForm("kc-form-login")).isTrue();
    assertThat(page.text()).contains("Invalid username or password").doesNotContain("guess");
    assertThat(MAILBOX.to(user)).isEmpty();
  }

  @Test
  void notify_leakedPassword_sendsOneMailInTheLanguageOfTheOwner() {
    var user = user(LEAKED, "de");
    set("notify", POLICY);
    var before = counted("parts");

    assertThat(signIn(user, LEAKED).callback()).isNotNull();
    assertThat(signIn(user, LEAKED).callback()).isNotNull();

    var mail = MAILBOX.await(user);
    assertThat(mail.subject()).isEqualTo("Bitte ändern Sie Ihr Passwort bei Copper Lane");
    assertThat(mail.text()).contains("wählen Sie in Ihrem Konto ein anderes");
    assertThat(MAILBOX.to(user)).hasSize(1);
    assertThat(counted("parts")).isEqualTo(before + 2);
  }

  @Test
  void notify_goodPassword_sendsNothing() {
    var user = user(GOOD);
    var last = user(LEAKED);
    set("notify", POLICY);

    assertThat(signIn(user, GOOD).callback()).isNotNull();

    signIn(last, LEAKED);
    MAILBOX.await(last); // mails are sent in order
    assertThat(MAILBOX.to(user)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Sunshine2024!", "Lodestar99!", "12345678901", "a phrase of the file"})
  void requireChange_passwordOfEveryOfflineSource_isLeaked(String password) {
    var user = user(password);
    set("require-change", POLICY);

    assertThat(signIn(user, password).hasForm("kc-passwd-update-form")).isTrue();
  }

  @Test
  void requireChange_rangeLookUp_isNotAsked() {
    var user = user(RangeService.LEAKED);
    set("require-change", POLICY);
    var prefix = RangeService.sha1(RangeService.LEAKED).substring(0, 5);
    var before = RangeService.SHARED.asked().stream().filter(path -> path.endsWith(prefix)).count();

    assertThat(signIn(user, RangeService.LEAKED).callback()).isNotNull();

    assertThat(RangeService.SHARED.asked().stream().filter(path -> path.endsWith(prefix)).count())
        .isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"off", ""})
  void off_leakedPassword_signsIn(String setting) {
    var user = user(LEAKED);
    set(setting, POLICY);

    assertThat(signIn(user, LEAKED).callback()).isNotNull();
  }

  @Test
  void invalidSetting_requiresChange() {
    var user = user(LEAKED);
    set("warn", POLICY);

    assertThat(signIn(user, LEAKED).hasForm("kc-passwd-update-form")).isTrue();
  }

  @Test
  void realmWithoutThePolicy_isNotChecked() {
    var user = user(LEAKED);
    set("require-change", "length(8)");

    assertThat(signIn(user, LEAKED).callback()).isNotNull();
  }

  private static String user(String password) {
    return user(password, "en");
  }

  /** Creates an account before the policy applies. */
  private static String user(String password, String locale) {
    set("off", "length(8)");
    var mail = RegistrationRealm.newMail();
    RegistrationRealm.admin()
        .post(
            "/realms/leaked-login/users",
            """
            {"username": "%1$s", "email": "%1$s", "emailVerified": true, "enabled": true,
             "firstName": "Ann", "lastName": "Example", "attributes": {"locale": ["%3$s"]},
             "credentials": [{"type": "password", "value": "%2$s"}]}
            """
                .formatted(mail, password, locale));
    return mail;
  }

  private static void set(String reaction, String policy) {
    RegistrationRealm.admin()
        .put(
            "/realms/leaked-login",
            "{\"passwordPolicy\":\"%s\",\"attributes\":{\"rowlock.leaked-password-login\":\"%s\"}}"
                .formatted(policy, reaction));
  }

  private static JsonNode account(String mail) {
    return REALM.read("/users?exact=true&email=" + mail).path(0);
  }

  private static JsonNode sessionsOf(String mail) {
    return REALM.read("/users/" + account(mail).path("id").asString() + "/sessions");
  }

  private static Page signIn(String user, String password) {
    return submit(REALM.flow().begin().loginPage(), user, password);
  }

  private static Page submit(Page form, String user, String password) {
    return form.submit("kc-form-login", Map.of("username", user, "password", password));
  }

  private static Page update(Page form, String password) {
    return form.submit(
        "kc-passwd-update-form", Map.of("password-new", password, "password-confirm", password));
  }

  private static HttpResponse<String> grant(String user, String password) throws Exception {
    var form =
        Map.of(
                "grant_type",
                "password",
                "client_id",
                "storefront",
                "username",
                user,
                "password",
                password)
            .entrySet()
            .stream()
            .map(
                field ->
                    field.getKey()
                        + "="
                        + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    var issuer = RegistrationRealm.server().issuer("leaked-login");
    var request =
        HttpRequest.newBuilder(URI.create(issuer + "/protocol/openid-connect/token"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form))
            .build();
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request, BodyHandlers.ofString());
    }
  }

  private static double counted(String outcome) {
    return RegistrationRealm.metrics()
        .lines()
        .filter(
            line ->
                line.startsWith("rowlock_password_login_total{outcome=\"" + outcome)
                    && line.contains("realm=\"leaked-login\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
