/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static rowlock.realm.RealmServer.PASSWORD;
import static rowlock.realm.RealmServer.flow;
import static rowlock.realm.RealmServer.realm;
import static rowlock.realm.RealmServer.register;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import rowlock.local.login.BrowserSession;
import rowlock.local.login.OAuthException;

/** Checks how users change and delete their own account. */
class AccountIT {
  @Test
  void userDeletesAccount_afterSigningInAgain() {
    var person = register();
    var browser = flow().newBrowser();
    signIn(browser, person.address());
    // the server counts whole seconds: a sign-in within the same second is not a new one
    var later = System.nanoTime() + Duration.ofMillis(1_100).toNanos();
    await().until(() -> System.nanoTime() > later);

    var again = flow().with("kc_action", "delete_account").begin(browser).loginPage();
    assertThat(again.hasForm("kc-deleteaccount-form")).isFalse();
    var confirm = again.submit("kc-form-login", Map.of("password", PASSWORD));
    assertThat(confirm.text()).contains("erased after a retention period");
    confirm.submit("kc-deleteaccount-form", Map.of());

    assertThat(realm("/users?exact=true&email=" + person.address())).isEmpty();
    assertThatThrownBy(() -> flow().refresh(person.tokens().requireRefreshToken()))
        .isInstanceOf(OAuthException.class);
  }

  @Test
  void userChangesTheirNames() {
    var person = register();
    var browser = flow().newBrowser();
    signIn(browser, person.address());

    var done =
        flow()
            .withScope("openid profile")
            .with("kc_action", "UPDATE_PROFILE")
            .begin(browser)
            .loginPage()
            .submit("kc-update-profile-form", Map.of("firstName", "Ada", "lastName", "King"));

    assertThat(done.callback()).isNotNull();
    assertThat(realm("/users/" + person.id()).path("firstName").asString()).isEqualTo("Ada");
  }

  @Test
  void userRoles_allowTheOwnAccountOnly() {
    var account = realm("/clients?clientId=account").path(0).path("id").asString();

    var roles =
        realm("/users/" + register().id() + "/role-mappings/clients/" + account + "/composite");

    assertThat(roles.findValuesAsString("name"))
        .containsExactlyInAnyOrder(
            "view-profile", "manage-account", "manage-account-links", "delete-account");
  }

  @Test
  void passwordChange_endingOtherSessions_isPreselected() {
    var person = register();
    var browser = flow().newBrowser();
    signIn(browser, person.address());

    flow()
        .with("kc_action", "UPDATE_PASSWORD")
        .begin(browser)
        .loginPage()
        .submit(
            "kc-passwd-update-form",
            Map.of("password-new", "quite another one", "password-confirm", "quite another one"));

    assertThatThrownBy(() -> flow().refresh(person.tokens().requireRefreshToken()))
        .isInstanceOf(OAuthException.class);
    assertThat(realm("/users/" + person.id() + "/sessions")).hasSize(1);
  }

  @Test
  void googleClientConfigured_loginPage_linksToGoogleWithPkce() {
    var google = new BrowserSession(URI.create("https://accounts.google.com/o/oauth2/v2/auth"));

    var asked =
        Objects.requireNonNull(
            flow().begin(google).loginPage().follow("#social-google").callback());

    assertThat(asked)
        .containsEntry("client_id", "a-client-at-google")
        .containsEntry("code_challenge_method", "S256")
        .containsEntry("redirect_uri", RealmServer.issuer() + "/broker/google/endpoint");
  }

  private static void signIn(BrowserSession browser, String address) {
    var page =
        flow()
            .begin(browser)
            .loginPage()
            .submit("kc-form-login", Map.of("username", address, "password", PASSWORD));
    assertThat(page.callback()).isNotNull();
  }
}
