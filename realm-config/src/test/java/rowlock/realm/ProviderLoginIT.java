/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static rowlock.realm.AppAccount.enter;
import static rowlock.realm.AppAccount.recover;
import static rowlock.realm.RealmServer.JSON;
import static rowlock.realm.RealmServer.PASSWORD;
import static rowlock.realm.RealmServer.admin;
import static rowlock.realm.RealmServer.flow;
import static rowlock.realm.RealmServer.guesses;
import static rowlock.realm.RealmServer.keycloak;
import static rowlock.realm.RealmServer.newAddress;
import static rowlock.realm.RealmServer.realm;
import static rowlock.realm.RealmServer.register;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import rowlock.field.FieldReport;
import rowlock.local.login.BrowserSession;
import rowlock.local.login.Page;
import rowlock.realm.RealmServer.Person;
import tools.jackson.core.type.TypeReference;

/** Checks that another identity provider replaces the password but not the second factor. */
class ProviderLoginIT {
  /** A realm of the same server that acts as an identity provider, with Google's settings. */
  private static final String PROVIDER = "elsewhere";

  @BeforeAll
  static void addTheProvider() {
    admin()
        .post(
            "/realms",
            JSON.writeValueAsString(
                Map.of(
                    "realm",
                    PROVIDER,
                    "enabled",
                    true,
                    "sslRequired",
                    "none",
                    "clients",
                    List.of(
                        Map.of(
                            "clientId", "rowlock",
                            "secret", "for-a-test",
                            "redirectUris", List.of(keycloak().url() + "/*"))))));
    var endpoint = keycloak().issuer(PROVIDER) + "/protocol/openid-connect";
    var google =
        JSON.convertValue(
            realm("/identity-provider/instances/google"),
            new TypeReference<HashMap<String, Object>>() {});
    google.remove("internalId");
    google.remove("types");
    google.put("alias", PROVIDER);
    google.put("displayName", PROVIDER);
    google.put("providerId", "oidc");
    google.put(
        "config",
        Map.of(
            "clientId", "rowlock",
            "clientSecret", "for-a-test",
            "clientAuthMethod", "client_secret_post",
            "authorizationUrl", endpoint + "/auth",
            "tokenUrl", endpoint + "/token",
            "jwksUrl", endpoint + "/certs",
            "useJwksUrl", "true",
            "validateSignature", "true",
            "syncMode", "IMPORT",
            "defaultScope", "openid email"));
    admin()
        .post(
            "/realms/" + Realm.NAME + "/identity-provider/instances",
            JSON.writeValueAsString(google));
  }

  @AfterAll
  static void removeTheProvider() {
    admin().delete("/realms/" + Realm.NAME + "/identity-provider/instances/" + PROVIDER);
    admin().delete("/realms/" + PROVIDER);
  }

  @Test
  void firstLogin_unknownAddress_createsAnAccount() {
    var address = newAddress();

    var page = atProvider(flow().newBrowser(), address);

    // the realm itself confirms the address
    assertThat(page.callback()).isNull();
    assertThat(page.hasForm("kc-otp-login-form")).isFalse();
    assertThat(realm("/users?exact=true&email=" + address)).hasSize(1);
  }

  @FieldReport("https://github.com/worknenjoy/gitpay/issues/617")
  @FieldReport("https://github.com/josuebrunel/ezauth/issues/87")
  @Test
  void firstLogin_addressOfAnAccount_isLinkedByMailAndNotByPassword() {
    var person = register();

    var confirm = atProvider(flow().newBrowser(), person.address());
    var sent = confirm.submit("kc-register-form", Map.of("submitAction", "linkAccount"));
    assertThat(sent.document().select("[type=password]")).isEmpty();
    assertThat(links(person)).isEmpty();
    var link = person.nextMail().link();
    MailScanner.open(link);
    assertThat(sent.open(link).text()).contains("links your account");
    assertThat(links(person)).isEmpty();
    var done = sent.openMail(link);

    assertThat(done.callback()).isNotNull();
    assertThat(links(person)).containsExactly(PROVIDER);
  }

  @FieldReport("https://github.com/josuebrunel/ezauth/issues/87")
  @Test
  void firstLogin_accountWithApp_isLinkedAfterItsCode() {
    var account = AppAccount.create();
    var page = linkAccount(atProvider(flow().newBrowser(), account.person().address()));

    var asked = page.openMail(account.person().nextMail().link());

    assertThat(asked.hasForm("kc-otp-login-form")).isTrue();
    assertThat(links(account.person())).isEmpty();
    var before = guesses();
    asked = enter(asked, "000000");
    assertThat(guesses()).isEqualTo(before + 1);
    var done = enter(asked, account.app().code(1));
    assertThat(done.callback()).isNotNull();
    assertThat(links(account.person())).containsExactly(PROVIDER);
  }

  @Test
  void firstLogin_linkConfirmedInAnotherBrowser_asksForTheCode() {
    var account = AppAccount.create();
    linkAccount(atProvider(flow().newBrowser(), account.person().address()));
    new BrowserSession().open(account.person().nextMail().link()).confirm();

    var page = atProvider(flow().newBrowser(), account.person().address());

    assertThat(page.callback()).isNull();
    assertThat(page.hasForm("kc-otp-login-form")).isTrue();
    assertThat(links(account.person())).isEmpty();
  }

  @Test
  void login_linkedAccountWithApp_asksForItsCode() {
    var account = AppAccount.create();
    link(account.person());

    var page = atProvider(flow().newBrowser(), account.person().address());

    assertThat(page.hasForm("kc-otp-login-form")).isTrue();
    var before = guesses();
    var again = enter(page, "000000");
    assertThat(again.callback()).isNull();
    assertThat(guesses()).isEqualTo(before + 1);
    assertThat(recover(again, account.recoveryCodes().get(0)).callback()).isNotNull();
  }

  /** Wrong passwords of strangers lock the password, which this login does not use. */
  @Test
  void login_linkedAccountLockedByGuesses_isAccepted() {
    var person = register();
    link(person);
    lock(person);

    var page = atProvider(flow().newBrowser(), person.address());

    assertThat(page.callback()).isNotNull();
  }

  private static void lock(Person person) {
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              flow()
                  .begin(flow().newBrowser())
                  .loginPage()
                  .submit(
                      "kc-form-login",
                      Map.of("username", person.address(), "password", "a guess of a stranger"));
              return realm("/attack-detection/brute-force/users/" + person.id())
                  .path("disabled")
                  .asBoolean();
            });
  }

  private static void link(Person person) {
    admin()
        .post(
            "/realms/" + Realm.NAME + "/users/" + person.id() + "/federated-identity/" + PROVIDER,
            JSON.writeValueAsString(
                Map.of(
                    "identityProvider", PROVIDER,
                    "userId", userAtProvider(person.address()),
                    "userName", person.address())));
  }

  private static Page linkAccount(Page confirm) {
    var sent = confirm.submit("kc-register-form", Map.of("submitAction", "linkAccount"));
    assertThat(sent.callback()).isNull();
    return sent;
  }

  /** Signs in at the provider with the account of that address, and creates it if necessary. */
  private static Page atProvider(BrowserSession browser, String address) {
    userAtProvider(address);
    return flow()
        .begin(browser)
        .loginPage()
        .follow("#social-" + PROVIDER)
        .submit("kc-form-login", Map.of("username", address, "password", PASSWORD));
  }

  private static String userAtProvider(String address) {
    var users = "/realms/" + PROVIDER + "/users";
    var search = users + "?exact=true&username=" + address;
    if (admin().get(search).isEmpty()) {
      admin()
          .post(
              users,
              JSON.writeValueAsString(
                  Map.of(
                      "username",
                      address,
                      "email",
                      address,
                      "emailVerified",
                      true,
                      "firstName",
                      "Ann",
                      "lastName",
                      "Other",
                      "enabled",
                      true,
                      "credentials",
                      List.of(Map.of("type", "password", "value", PASSWORD)))));
    }
    return admin().get(search).path(0).path("id").asString();
  }

  private static List<String> links(Person person) {
    return realm("/users/" + person.id() + "/federated-identity")
        .findValuesAsString("identityProvider");
  }
}
