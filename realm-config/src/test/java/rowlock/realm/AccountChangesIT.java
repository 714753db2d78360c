/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static rowlock.realm.ActionSettings.awaitNextSecond;
import static rowlock.realm.ActionSettings.whileLoginsAreTooOldFor;
import static rowlock.realm.ActionSettings.whileMaximumAgeIsZero;
import static rowlock.realm.AppAccount.enter;
import static rowlock.realm.RealmServer.JSON;
import static rowlock.realm.RealmServer.account;
import static rowlock.realm.RealmServer.admin;
import static rowlock.realm.RealmServer.flow;
import static rowlock.realm.RealmServer.issuer;
import static rowlock.realm.RealmServer.realm;
import static rowlock.realm.RealmServer.register;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.local.login.AuthorizationCodeFlow;
import rowlock.local.login.BrowserSession;
import rowlock.realm.RealmServer.Person;

/**
 * Checks that the account REST API requires the same recent or strong login as the pages, for each
 * client.
 */
class AccountChangesIT {
  /**
   * A client that may use the account API like the account console, with a redirect URI of the
   * tests.
   */
  private static final String CLIENT = "account-changes";

  private static final String REFUSED =
      "Bearer error=\"insufficient_user_authentication\", error_description=\"A more recent or stronger login is required\", max_age=\"%d\"";

  /** A request to the account REST API. */
  private record Change(String method, String path, String body) {}

  @BeforeAll
  static void addTheClient() {
    admin()
        .post(
            "/realms/" + Realm.NAME + "/clients",
            JSON.writeValueAsString(
                Map.of(
                    "clientId",
                    CLIENT,
                    "publicClient",
                    true,
                    "redirectUris",
                    List.of("http://127.0.0.1/*"),
                    "fullScopeAllowed",
                    true,
                    "defaultClientScopes",
                    List.of("basic", "acr", "roles", "profile", "email"))));
  }

  @AfterAll
  static void removeTheClient() {
    var id = realm("/clients?clientId=" + CLIENT).path(0).path("id").asString();
    admin().delete("/realms/" + Realm.NAME + "/clients/" + id);
  }

  @Test
  void deleteCredential_afterLoginWithSecondFactor_isDone() {
    var account = AppAccount.create();
    var token = tokenWithApp(account);

    var answer = account("DELETE", "/credentials/" + idOf(account.person(), "otp"), token, "");

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(typesOf(account.person())).doesNotContain("otp");
  }

  @Test
  void deleteCredential_oldLogin_isRefusedOnEachPath() {
    var account = AppAccount.create();
    var token = tokenWithApp(account);
    var paths =
        List.of(
            "/credentials/%s",
            "/credentials/%s/",
            "//credentials/%s",
            "/credentials//%s",
            ";a=b/credentials;c/%s",
            "/%%63redentials/%s",
            "/./credentials/%s",
            "/v1/credentials/%s",
            "/v1alpha1/credentials/%s");

    whileLoginsAreTooOldFor(
        "delete_credential",
        () ->
            assertThat(paths)
                .allSatisfy(
                    path ->
                        assertThat(
                                account(
                                        "DELETE",
                                        path.formatted(idOf(account.person(), "otp")),
                                        token,
                                        "")
                                    .statusCode())
                            .isBetween(400, 499)));

    assertThat(typesOf(account.person())).contains("otp");
  }

  @Test
  void deleteCredential_loginBeforeTheSecondFactor_isRefused() {
    var person = register();
    var browser = newBrowser();
    var token = token(browser, person);
    var account = AppAccount.addTo(person, browser);

    var answer = account("DELETE", "/credentials/" + idOf(person, "otp"), token, "");

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate")).contains(REFUSED.formatted(300));
    assertThat(typesOf(account.person())).contains("otp");
  }

  @Test
  void change_oldLogin_isRefusedAsOnThePage() {
    var person = register();
    var token = token(newBrowser(), person);
    var password = idOf(person, "password");
    var changes =
        Map.of(
            "delete_credential",
            List.of(
                new Change("DELETE", "/credentials/" + password, ""),
                new Change("PUT", "/credentials/" + password + "/label", "\"Mine\"")),
            "UPDATE_PROFILE",
            List.of(
                new Change("POST", "/", "{\"firstName\":\"Eve\"}"),
                new Change("POST", "", "{\"firstName\":\"Eve\"}"),
                new Change("POST", "/v1alpha1", "{\"firstName\":\"Eve\"}"),
                new Change("POST", "/applications/task-cli/consent", "{\"grantedScopes\":[]}"),
                new Change("PUT", "/applications/task-cli/consent", "{\"grantedScopes\":[]}")),
            "idp_link",
            List.of(
                new Change("DELETE", "/linked-accounts/google", ""),
                new Change("GET", "/linked-accounts/google", "")));

    awaitNextSecond();
    changes.forEach(
        (action, ofAction) ->
            whileMaximumAgeIsZero(
                action,
                () ->
                    assertThat(ofAction)
                        .allSatisfy(
                            change -> {
                              var answer =
                                  account(change.method(), change.path(), token, change.body());

                              assertThat(answer.statusCode()).as(answer.body()).isEqualTo(401);
                              assertThat(answer.headers().firstValue("WWW-Authenticate"))
                                  .contains(REFUSED.formatted(0));
                              assertThat(
                                      JSON.readTree(answer.body()).path("errorMessage").asString())
                                  .contains("sign in again");
                            })));

    assertThat(realm("/users/" + person.id()).path("firstName").asString("")).isEmpty();
  }

  @Test
  void sessions_oldLogin_areEnded() {
    var person = register();
    var token = token(newBrowser(), person);

    whileLoginsAreTooOldFor(
        "UPDATE_PROFILE",
        () -> {
          assertThat(account("GET", "/sessions/devices", token, "").statusCode()).isEqualTo(200);
          assertThat(account("GET", "/linked-accounts", token, "").statusCode()).isEqualTo(200);
          assertThat(account("DELETE", "/sessions", token, "").statusCode()).isEqualTo(204);
        });

    assertThat(realm("/users/" + person.id() + "/sessions")).hasSize(1);
  }

  @Test
  void profile_recentLogin_isChanged() {
    var person = register();

    var answer =
        account(
            "POST",
            "/",
            token(newBrowser(), person),
            "{\"email\":\"%s\",\"firstName\":\"Ada\"}".formatted(person.address()));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    assertThat(realm("/users/" + person.id()).path("firstName").asString()).isEqualTo("Ada");
  }

  @ParameterizedTest
  @ValueSource(strings = {"not-a-token", "eyJhbGciOiJub25lIn0.e30.", ""})
  void change_withoutAValidToken_isRefused(String token) {
    assertThat(account("DELETE", "/credentials/1", token, "").statusCode()).isEqualTo(401);
  }

  @Test
  void emailAddress_inApiRequest_isNotChanged() {
    var person = register();

    account(
        "POST",
        "/",
        token(newBrowser(), person),
        "{\"email\":\"eve@example.org\",\"username\":\"eve@example.org\"}");

    assertThat(realm("/users/" + person.id()).path("email").asString()).isEqualTo(person.address());
    assertThat(realm("/users/" + person.id()).path("username").asString())
        .isEqualTo(person.address());
  }

  /** Opens the page of each change, without the two pages that only read or confirm. */
  @Test
  void page_oldLogin_asksToSignInAgain() {
    var person = register();
    var browser = flow().newBrowser();
    AppAccount.signIn(browser, person);
    var actions =
        Map.of(
            "UPDATE_PASSWORD", "",
            "UPDATE_EMAIL", "",
            "UPDATE_PROFILE", "",
            "CONFIGURE_TOTP", "",
            "CONFIGURE_RECOVERY_AUTHN_CODES", "",
            "webauthn-register", "",
            "webauthn-register-passwordless", "",
            "delete_account", "",
            "delete_credential", ":" + idOf(person, "password"),
            "idp_link", ":google");

    awaitNextSecond();
    actions.forEach(
        (action, parameter) ->
            whileMaximumAgeIsZero(
                action,
                () -> {
                  var page =
                      flow().with("kc_action", action + parameter).begin(browser).loginPage();

                  assertThat(page.hasForm("kc-form-login")).as(action).isTrue();
                }));
  }

  @Test
  void page_loginBeforeTheSecondFactor_asksToSignInAgain() {
    var person = register();
    var before = flow().newBrowser();
    AppAccount.signIn(before, person);
    var browser = flow().newBrowser();
    AppAccount.signIn(browser, person);
    AppAccount.addTo(person, browser);

    var page =
        flow()
            .with("kc_action", "delete_credential:" + idOf(person, "otp"))
            .begin(before)
            .loginPage();

    assertThat(page.hasForm("kc-form-login")).as(page.text()).isTrue();
  }

  @Test
  void formerEndpointToLinkAProvider_isUnavailable() {
    var page = new BrowserSession().open(URI.create(issuer() + "/broker/google/link"));

    assertThat(page.status()).isEqualTo(400);
  }

  private static AuthorizationCodeFlow client() {
    return new AuthorizationCodeFlow(issuer(), CLIENT);
  }

  private static BrowserSession newBrowser() {
    return client().newBrowser();
  }

  private static String token(BrowserSession browser, Person person) {
    var attempt = client().begin(browser);
    return attempt
        .finish(
            attempt
                .loginPage()
                .submit(
                    "kc-form-login",
                    Map.of("username", person.address(), "password", RealmServer.PASSWORD)))
        .accessToken();
  }

  private static String tokenWithApp(AppAccount account) {
    var attempt = client().begin();
    var page =
        attempt
            .loginPage()
            .submit(
                "kc-form-login",
                Map.of("username", account.person().address(), "password", RealmServer.PASSWORD));
    return attempt.finish(enter(page, account.app().code(1))).accessToken();
  }

  private static List<String> typesOf(Person person) {
    return realm("/users/" + person.id() + "/credentials").findValuesAsString("type");
  }

  private static String idOf(Person person, String type) {
    return realm("/users/" + person.id() + "/credentials")
        .valueStream()
        .filter(credential -> credential.path("type").asString().equals(type))
        .findFirst()
        .orElseThrow()
        .path("id")
        .asString();
  }
}
