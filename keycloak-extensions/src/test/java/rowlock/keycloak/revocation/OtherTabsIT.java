/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import rowlock.field.FieldReport;
import rowlock.keycloak.revocation.RevocationRealm.Person;
import rowlock.local.login.BrowserSession;
import rowlock.local.login.Page;

/**
 * Two tabs of one browser: after the login in one of them, whatever the other does leads on, and
 * ends nothing.
 */
class OtherTabsIT extends WatchedRealm {
  /** A page that the other tab shows when the user signs in. */
  enum Shown {
    LOGIN("kc-form-login", Map.of("username", "guest", "password", "a guess")),
    REGISTRATION("kc-register-form", Map.of("email", "new@example.org")),
    FORGOTTEN_PASSWORD("kc-reset-password-form", Map.of("username", "guest"));

    private final String form;
    private final Map<String, String> fields;

    Shown(String form, Map<String, String> fields) {
      this.form = form;
      this.fields = fields;
    }

    Page in(BrowserSession browser) {
      var login = realm.flow("app").begin(browser).loginPage();
      return switch (this) {
        case LOGIN -> login;
        case REGISTRATION -> login.follow("a[href*=registration]");
        case FORGOTTEN_PASSWORD -> login.follow("a[href*=reset-credentials]");
      };
    }
  }

  /** An action in the other tab. */
  private interface Next {
    Page of(Page shown);
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/12406")
  @ParameterizedTest
  @EnumSource
  void otherTab_notesTheLogin_isSignedIn(Shown shown) {
    assertThat(afterALoginElsewhere(shown, page -> page.open(restart(page))).callback())
        .isNotNull();
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/34965")
  @ParameterizedTest
  @EnumSource
  void otherTab_isReloaded_leadsOn(Shown shown) {
    afterALoginElsewhere(shown, page -> page.open(page.address()));
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/12406")
  @ParameterizedTest
  @EnumSource
  void otherTab_sendsItsForm_leadsOn(Shown shown) {
    afterALoginElsewhere(shown, page -> page.submit(shown.form, shown.fields));
  }

  @Test
  void otherTab_showsARequiredAction_leadsOn() {
    var person = realm.person();
    realm
        .admin()
        .put(realm.path("/users/" + person.id()), "{\"requiredActions\":[\"UPDATE_PROFILE\"]}");
    var browser = realm.flow("app").newBrowser();
    var other = signedIn(realm.flow("app").begin(browser).loginPage(), person);
    var action = realm.flow("app").begin(browser).loginPage();
    var here = action.hasForm("kc-form-login") ? signedIn(action, person) : action;
    var names = Map.of("firstName", "Ida", "lastName", "Lewis");

    assertThat(here.submit("kc-update-profile-form", names).callback()).isNotNull();

    for (var next :
        List.<Next>of(
            page -> page.open(restart(page)),
            page -> page.open(page.address()),
            page -> page.submit("kc-update-profile-form", names))) {
      assertLeadsOn(next.of(other));
    }
    assertThat(receiver.sessionsEnded(person.id())).isEmpty();
  }

  @Test
  void otherTab_asksWhetherToSignOut_leadsOn() {
    var person = realm.person();
    var app = realm.flow("app");
    var browser = app.newBrowser();
    var login = realm.login(app, browser, person);
    var logout =
        URI.create(
            realm.server().issuer(RevocationRealm.REALM) + "/protocol/openid-connect/logout");
    var other = browser.open(logout);
    // which takes the place of the first
    var here = browser.open(logout);

    assertLeadsOn(here.press("confirmLogout"));
    eventually(
        () -> assertThat(receiver.sessionsEnded(person.id())).containsExactly(login.sessionId()));

    assertLeadsOn(other.press("confirmLogout"));
    assertLeadsOn(other.open(other.address()));
    assertThat(receiver.sessionsEnded(person.id())).containsExactly(login.sessionId());
  }

  @Test
  void otherTab_asksForADeviceCode_leadsOn() {
    var person = realm.person();
    var app = realm.flow("app");
    var browser = app.newBrowser();
    var device = URI.create(realm.server().issuer(RevocationRealm.REALM) + "/device");
    var other = browser.open(device);
    realm.login(app, browser, person);

    assertLeadsOn(other.open(restart(other)));
    assertLeadsOn(other.open(other.address()));
    assertLeadsOn(
        other.submit(
            "kc-user-verify-device-user-code-form", Map.of("device_user_code", "AAAA-AAAA")));
    assertThat(receiver.sessionsEnded(person.id())).isEmpty();
  }

  private static Page afterALoginElsewhere(Shown shown, Next next) {
    var person = realm.person();
    var app = realm.flow("app");
    var browser = app.newBrowser();
    var other = shown.in(browser);
    var login = realm.login(app, browser, person);

    var page = next.of(other);

    assertLeadsOn(page);
    assertThat(realm.lives("app", login)).isTrue();
    assertThat(receiver.sessionsEnded(person.id())).isEmpty();
    return page;
  }

  private static Page signedIn(Page login, Person person) {
    return login.submit(
        "kc-form-login", Map.of("username", person.name(), "password", RevocationRealm.PASSWORD));
  }

  /** The address that the script of a login page opens when the browser is signed in meanwhile. */
  private static URI restart(Page page) {
    var script = page.document().html();
    var start = script.indexOf("startSessionPolling(");
    var quoted = script.substring(script.indexOf('"', start) + 1);
    return page.address()
        .resolve(
            quoted.substring(0, quoted.indexOf('"')).replace("&amp;", "&").replace("\\/", "/"));
  }

  /**
   * Back at the client, a page with a form or a link, or one of the server's own that says how
   * things are; never a failure of the server.
   */
  private static void assertLeadsOn(Page page) {
    assertThat(page.status()).as(page.text()).isLessThan(500);
    assertThat(page.text()).doesNotContainIgnoringCase("internal server error");
    assertThat(
            page.callback() != null
                || !page.document().select("form, #kc-content a[href]").isEmpty()
                || Stream.of("logged out", "already logged in", "Logout failed")
                    .anyMatch(page.text()::contains))
        .as(page.text())
        .isTrue();
  }
}
