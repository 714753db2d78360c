/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static rowlock.realm.RealmServer.JSON;
import static rowlock.realm.RealmServer.PASSWORD;
import static rowlock.realm.RealmServer.admin;
import static rowlock.realm.RealmServer.flow;
import static rowlock.realm.RealmServer.mailbox;
import static rowlock.realm.RealmServer.newAddress;
import static rowlock.realm.RealmServer.realm;
import static rowlock.realm.RealmServer.register;

import java.net.URLEncoder;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rowlock.field.FieldReport;
import rowlock.local.login.BrowserSession;
import rowlock.local.login.Page;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Checks the actions by mail: confirmation of an address, a new password, a new address. */
class MailIT {
  private static final String NEW_PASSWORD = "another horse, another battery";

  @Test
  void address_isVerifiedByItsLinkOnly() {
    var address = newAddress();

    var page = registrationForm().submit("kc-register-form", Map.of("email", address));

    assertThat(page.callback()).isNull();
    assertThat(page.text()).contains("Check your mail", address);
    assertThat(account(address).path("emailVerified").asBoolean()).isFalse();
    assertThat(signIn(address, PASSWORD).callback()).isNull();

    // in any browser: a user may read mail in another one
    new BrowserSession().openMail(mailbox().await(address).link());

    assertThat(account(address).path("emailVerified").asBoolean()).isTrue();
  }

  @FieldReport("https://github.com/worknenjoy/gitpay/issues/617")
  @Test
  void registrationOfForeignAddress_setsNoPassword() {
    var address = newAddress();

    registrationForm().submit("kc-register-form", Map.of("email", address));

    assertThat(realm("/users/" + account(address).path("id").asString() + "/credentials"))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "en, Confirm your email address, Confirm my address",
    "de, Bestätigen Sie Ihre E-Mail-Adresse, Adresse bestätigen"
  })
  void mail_hasThePagesLanguageAndNoRemoteContent(String language, String subject, String button) {
    var address = newAddress();

    flow()
        .with("ui_locales", language)
        .begin()
        .loginPage()
        .follow("a[href*=registration]")
        .submit("kc-register-form", Map.of("email", address));

    var mail = mailbox().await(address);
    assertThat(mail.subject()).isEqualTo(subject);
    assertThat(mail.html())
        .contains("lang=\"" + language + "\"", button, "Rowlock")
        .doesNotContain("src=", "@import", "url(", "${", "<link");
    assertThat(mail.text()).contains("Rowlock", mail.link().toString()).doesNotContain("<", "${");
  }

  @Test
  void forgottenPassword_isReplacedByLink() {
    var person = register();

    var page = forgotten(person.address());
    var mail = mailbox().await(person.address(), 2);
    assertThat(mail.subject()).isEqualTo("Choose a new password");
    var done =
        page.open(mail.link())
            .submit(
                "kc-passwd-update-form",
                Map.of("password-new", NEW_PASSWORD, "password-confirm", NEW_PASSWORD));

    assertThat(done.callback()).isNotNull();
    assertThat(signIn(person.address(), PASSWORD).callback()).isNull();
    assertThat(signIn(person.address(), NEW_PASSWORD).callback()).isNotNull();
    assertThat(new BrowserSession().open(mail.link()).hasForm("kc-passwd-update-form")).isFalse();
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/29346")
  @Test
  void forgottenPassword_unknownAddress_getsSamePageAndNoMail() {
    var person = register();
    var unknown = newAddress();

    var known = forgotten(person.address());
    var other = forgotten(unknown);

    assertThat(other.text()).isEqualTo(known.text()).contains("You should receive an email");
    assertThat(other.status()).isEqualTo(known.status());
    mailbox().await(person.address(), 2);
    assertThat(mailbox().to(unknown)).isEmpty();
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/25704")
  @Test
  void aNewAddress_isRefusedByTheRulesOfTheRegistration() {
    var browser = flow().newBrowser();
    var person = register();
    flow()
        .begin(browser)
        .loginPage()
        .submit("kc-form-login", Map.of("username", person.address(), "password", PASSWORD));
    var form = flow().with("kc_action", "UPDATE_EMAIL").begin(browser).loginPage();

    var page = form.submit("kc-update-email-form", Map.of("email", "user@mailinator.com"));

    assertThat(page.text()).contains("mailinator.com");
    assertThat(page.hasForm("kc-update-email-form")).isTrue();
    assertThat(mailbox().to("user@mailinator.com")).isEmpty();
    assertThat(realm("/users/" + person.id()).path("email").asString()).isEqualTo(person.address());
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/41834")
  @Test
  void newAddress_isUsedOnceItsLinkIsFollowed() {
    var browser = flow().newBrowser();
    var person = register();
    flow()
        .begin(browser)
        .loginPage()
        .submit("kc-form-login", Map.of("username", person.address(), "password", PASSWORD));
    var fresh = newAddress();

    var page =
        flow()
            .with("kc_action", "UPDATE_EMAIL")
            .begin(browser)
            .loginPage()
            .submit("kc-update-email-form", Map.of("email", fresh));

    assertThat(realm("/users/" + person.id()).path("email").asString()).isEqualTo(person.address());
    var link = mailbox().await(fresh).link();
    var before = state(person.id());
    MailScanner.open(link);
    assertThat(page.open(link).text()).contains("Please confirm", fresh);
    assertThat(state(person.id())).isEqualTo(before);
    assertThat(page.openMail(link).text()).contains(fresh);
    assertThat(realm("/users/" + person.id()).path("email").asString()).isEqualTo(fresh);
    assertThat(signIn(fresh, PASSWORD).callback()).isNotNull();
    assertThat(signIn(person.address(), PASSWORD).callback()).isNull();
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/24242")
  @Test
  void anAddressWithAnUmlaut_whereTheMailServerTakesIt_getsItsMail() {
    var address = "jörg-" + newAddress();
    allowUtf8(true);
    try {
      registrationForm().submit("kc-register-form", Map.of("email", address));

      new BrowserSession().openMail(mailbox().await(address).link());
    } finally {
      allowUtf8(false);
    }
    assertThat(account(address).path("emailVerified").asBoolean()).isTrue();
  }

  private static void allowUtf8(boolean allowed) {
    var smtp = (ObjectNode) realm("").path("smtpServer");
    smtp.put("allowutf8", Boolean.toString(allowed));
    // the whole realm: an update without the lifetime of device codes resets it to the default
    admin()
        .merge("/realms/" + Realm.NAME, JSON.createObjectNode().set("smtpServer", smtp).toString());
  }

  @FieldReport("https://github.com/ory/kratos/issues/1202")
  @Test
  void addressConfirmation_openedByAScanner_changesNothing() {
    var address = newAddress();
    var page = registrationForm().submit("kc-register-form", Map.of("email", address));
    var link = mailbox().await(address).link();
    var id = account(address).path("id").asString();
    var before = state(id);

    MailScanner.open(link);
    // a preview in the mail reader's own browser has its cookies
    assertThat(page.open(link).text()).contains("Is " + address + " your email address?");

    assertThat(state(id)).isEqualTo(before);
    assertThat(page.openMail(link).hasForm("kc-passwd-update-form")).isTrue();
    assertThat(account(address).path("emailVerified").asBoolean()).isTrue();
  }

  @FieldReport("https://github.com/supabase/auth/issues/1214")
  @Test
  void newPassword_openedByAScanner_changesNothing() {
    var person = register();
    var page = forgotten(person.address());
    var link = person.nextMail().link();
    var before = state(person.id());

    MailScanner.open(link);
    page.open(link);

    assertThat(state(person.id())).isEqualTo(before);
    assertThat(new BrowserSession().open(link).hasForm("kc-passwd-update-form")).isTrue();
  }

  @FieldReport("https://github.com/emdash-cms/emdash/issues/3298")
  @Test
  void actionsOfAnAdministrator_openedByAScanner_changeNothing() {
    var person = register();
    var user = "/realms/" + Realm.NAME + "/users/" + person.id();
    admin().put(user, "{\"emailVerified\":false}");
    admin().put(user + "/execute-actions-email", "[\"UPDATE_PASSWORD\"]");
    var link = person.nextMail().link();
    var before = state(person.id());

    MailScanner.open(link);
    assertThat(new BrowserSession().open(link).text()).contains("Choose a new password");

    assertThat(state(person.id())).isEqualTo(before);
    assertThat(new BrowserSession().openMail(link).hasForm("kc-passwd-update-form")).isTrue();
    assertThat(realm("/users/" + person.id()).path("emailVerified").asBoolean()).isTrue();
  }

  @Test
  void linkKinds_ofTheServer_areAllListed() {
    var handlers = admin().get("/serverinfo").at("/providers/actionTokenHandler/providers");

    assertThat(handlers.propertyNames())
        .containsExactlyInAnyOrder(
            "verify-email",
            "update-email",
            "idp-verify-account-via-email",
            "execute-actions",
            // the link shows the form for the new password and changes nothing
            "reset-credentials",
            // the realm has neither organizations nor wallets
            "ORGIVT",
            "credential-offer");
    assertThat(
            handlers.properties().stream()
                .filter(one -> one.getValue().path("operationalInfo").has("Version"))
                .map(Map.Entry::getKey))
        .containsExactlyInAnyOrder(
            "verify-email", "update-email", "idp-verify-account-via-email", "execute-actions");
  }

  /** Returns everything about an account that a link could change. */
  private static List<String> state(String id) {
    return Stream.of(
            "/users/" + id,
            "/users/" + id + "/credentials",
            "/users/" + id + "/sessions",
            "/users/" + id + "/federated-identity",
            "/attack-detection/brute-force/users/" + id)
        .map(path -> realm(path).toString().replaceAll("\"lastAccess\":\\d+", ""))
        .toList();
  }

  private static Page registrationForm() {
    return flow().begin().loginPage().follow("a[href*=registration]");
  }

  private static Page forgotten(String address) {
    return flow()
        .begin()
        .loginPage()
        .follow("a[href*=reset-credentials]")
        .submit("kc-reset-password-form", Map.of("username", address));
  }

  private static Page signIn(String address, String password) {
    return flow()
        .begin()
        .loginPage()
        .submit("kc-form-login", Map.of("username", address, "password", password));
  }

  private static JsonNode account(String address) {
    return realm("/users?exact=true&email=" + URLEncoder.encode(address, UTF_8)).path(0);
  }
}
