/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static rowlock.realm.RealmServer.PASSWORD;
import static rowlock.realm.RealmServer.admin;
import static rowlock.realm.RealmServer.issuer;
import static rowlock.realm.RealmServer.keycloak;
import static rowlock.realm.RealmServer.mailbox;
import static rowlock.realm.RealmServer.newAddress;
import static rowlock.realm.RealmServer.realm;

import com.microsoft.playwright.Locator.WaitForOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * Checks every page of a login in each look: accessible (WCAG 2.2 AA, by axe), not wider than the
 * window, no content from other servers. It writes an image of each to {@code target/album/}.
 */
class LookIT {
  private Look look = Look.LIGHT;
  private Visit visit;
  private Page page;

  @ParameterizedTest
  @EnumSource(names = "DARK_PHONE")
  void pages_areAccessibleAndSelfContained(Look chosen) {
    look = chosen;
    try (var opened = look.start()) {
      visit = opened;
      page = visit.page();
      visit.window().stayAt(keycloak().url() + "/", visit.application());
      var address = newAddress();
      register(address);
      secondFactor();
      signInWithIt(address);
      asides();
      mails(address);
      links(address);
      assertThat(visit.window().problems()).isEmpty();
    }
  }

  @Tag("thorough")
  @ParameterizedTest
  @EnumSource(names = "DARK_PHONE", mode = Mode.EXCLUDE)
  void pages_inOtherLooks_areAccessibleToo(Look other) {
    pages_areAccessibleAndSelfContained(other);
  }

  private void register(String address) {
    visit.open();
    seen("01-login", "#kc-form-login");
    page.fill("#username", address);
    page.fill("#password", "not the password");
    page.click("#kc-login");
    seen("02-login-refused", "#input-error-username");
    page.click("a[href*=registration]");
    seen("03-register", "#kc-register-form");
    page.fill("#email", "not an address");
    page.click("#kc-register-form [type=submit]");
    seen("04-register-refused", "#input-error-email");
    page.fill("#email", address);
    page.click("#kc-register-form [type=submit]");
    seen("05-check-your-mail", ".instruction a");
    page.navigate(mailbox().await(address).link().toString());
    seen("25-confirm", "#rowlock-link");
    page.click("#rowlock-link [type=submit]");
    seen("06-choose-a-password", "#kc-passwd-update-form");
    passwords("short", "different");
    seen("07-password-refused", "#input-error-password-confirm");
    passwords(PASSWORD, PASSWORD);
    visit.awaitSignedIn();
  }

  private void secondFactor() {
    visit.open("kc_action", "CONFIGURE_TOTP");
    seen("08-app", "#kc-totp-secret-qr-code");
    page.click("#mode-manual");
    seen("09-app-by-hand", "#kc-totp-secret-key");
    var app = Totp.of(page.textContent("#kc-totp-secret-key"));
    page.fill("#totp", app.code(0));
    page.fill("#userLabel", "Phone");
    page.click("#saveTOTPBtn");
    seen("10-recovery-codes", "#kc-recovery-codes-list");
    page.check("#kcRecoveryCodesConfirmationCheck");
    page.click("#saveRecoveryAuthnCodesBtn");
    visit.awaitSignedIn();
    visit.open("kc_action", "webauthn-register-passwordless");
    seen("11-passkey", "#registerWebAuthn");
    visit.open("kc_action", "UPDATE_EMAIL");
    seen("12-new-address", "#kc-update-email-form");
    visit.open("kc_action", "UPDATE_PROFILE", "scope", "openid profile");
    seen("13-profile", "#kc-update-profile-form");
    page.navigate(issuer() + "/protocol/openid-connect/logout");
    seen("14-sign-out", "#kc-logout");
    page.click("#kc-logout");
    seen("15-signed-out", "body:not(:has(#kc-logout)) #kc-info-message");
  }

  private void signInWithIt(String address) {
    visit.open();
    page.fill("#username", address);
    page.fill("#password", PASSWORD);
    page.click("#kc-login");
    seen("16-code", "#kc-otp-login-form");
    page.navigate(page.url().replaceFirst("execution=[^&]+", "execution=" + UUID.randomUUID()));
    seen("29-expired", "#loginRestartLink");
    page.click("#loginContinueLink");
    page.waitForSelector("#kc-otp-login-form");
    page.fill("#otp", "000000");
    page.click("#kc-login");
    seen("17-code-refused", "#input-error-otp");
    page.click("#try-another-way");
    seen("18-another-way", "#kc-select-credential-form");
    page.locator(".select-auth-box-parent").last().click();
    seen("19-recovery-code", "#kc-recovery-code-login-form");
  }

  private void asides() {
    page.context().clearCookies();
    visit.open();
    page.click("a[href*=reset-credentials]");
    seen("20-forgotten", "#kc-reset-password-form");
    page.fill("#username", newAddress());
    page.click("#kc-reset-password-form [type=submit]");
    seen("21-link-sent", ".pf-m-success");
    page.navigate(issuer() + "/protocol/openid-connect/auth?client_id=unknown&response_type=code");
    seen("22-error", "#kc-error-message");
    page.navigate(issuer() + "/device");
    seen("23-device", "#kc-user-verify-device-user-code-form");
  }

  private void mails(String address) {
    visit.showMail(mailbox().await(address));
    seen("24-mail", ".mail a");
  }

  private void links(String address) {
    var before = mailbox().to(address).size();
    var id = realm("/users?exact=true&email=" + address).path(0).path("id").asString();
    admin()
        .put(
            "/realms/" + Realm.NAME + "/users/" + id + "/execute-actions-email",
            "[\"CONFIGURE_TOTP\",\"UPDATE_PASSWORD\"]");
    visit.forgetCookies();
    var link = mailbox().await(address, before + 1).link().toString();
    page.navigate(link);
    seen("26-actions", "#rowlock-link");
    page.navigate(issuer() + "/device/status?error=expired_token");
    seen("27-device-failed", "#rowlock-forward");
    page.navigate(issuer() + "/device/status");
    seen("28-device-connected", "#rowlock-forward");
  }

  private void passwords(String one, String other) {
    page.fill("#password-new", one);
    page.fill("#password-confirm", other);
    page.click("#kc-passwd-update-form [type=submit]");
  }

  private void seen(String name, String mark) {
    page.locator(mark)
        .first()
        .waitFor(new WaitForOptions().setState(WaitForSelectorState.ATTACHED));
    visit.window().look(look.image(name));
  }
}
