/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static rowlock.realm.RealmServer.PASSWORD;
import static rowlock.realm.RealmServer.authorization;
import static rowlock.realm.RealmServer.issuer;
import static rowlock.realm.RealmServer.keycloak;
import static rowlock.realm.RealmServer.mailbox;
import static rowlock.realm.RealmServer.newAddress;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator.WaitForOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.ScreenshotOptions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every page on a person's way, as it looks: accessible (WCAG 2.2 AA, by axe), no wider than the
 * window, with nothing from elsewhere. Each is left as an image in {@code target/album/}.
 */
class LookIT {
  private static final List<String> RULES =
      List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa");
  private static Chromium chromium;

  private final List<String> problems = new ArrayList<>();
  private String look = "";
  private Page page;

  enum Look {
    LIGHT(1100, ColorScheme.LIGHT, "en-GB"),
    DARK(1100, ColorScheme.DARK, "en-GB"),
    PHONE(360, ColorScheme.LIGHT, "de-DE"),
    DARK_PHONE(360, ColorScheme.DARK, "de-DE");

    private final int width;
    private final ColorScheme colours;
    private final String language;

    Look(int width, ColorScheme colours, String language) {
      this.width = width;
      this.colours = colours;
      this.language = language;
    }
  }

  @BeforeAll
  static void startBrowser() {
    chromium = Chromium.start();
  }

  @AfterAll
  static void stopBrowser() {
    if (chromium != null) {
      chromium.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyPageIsAccessibleFitsTheWindowAndFetchesNothingFromElsewhere(Look chosen) {
    look = chosen.name().toLowerCase(Locale.ROOT);
    var options =
        new NewContextOptions()
            .setViewportSize(chosen.width, 800)
            .setColorScheme(chosen.colours)
            .setLocale(chosen.language);
    try (var context = chromium.browser().newContext(options)) {
      // a machine that does other things too
      context.setDefaultTimeout(60_000);
      page = context.newPage();
      page.onRequest(
          request -> {
            if (!request.url().startsWith(keycloak().url() + "/")
                && !request.url().startsWith(chromium.application())
                && !request.url().startsWith("data:")) {
              problems.add(look + " asks for " + request.url());
            }
          });
      var address = newAddress();
      register(address);
      secondFactor();
      signInWithIt(address);
      asides();
      mails(address);
    }
    assertThat(problems).isEmpty();
  }

  private void register(String address) {
    open(Map.of());
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
    seen("06-choose-a-password", "#kc-passwd-update-form");
    passwords("short", "different");
    seen("07-password-refused", "#input-error-password-confirm");
    passwords(PASSWORD, PASSWORD);
    signedIn();
  }

  private void secondFactor() {
    open(Map.of("kc_action", "CONFIGURE_TOTP"));
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
    signedIn();
    open(Map.of("kc_action", "webauthn-register-passwordless"));
    seen("11-passkey", "#registerWebAuthn");
    open(Map.of("kc_action", "UPDATE_EMAIL"));
    seen("12-new-address", "#kc-update-email-form");
    open(Map.of("kc_action", "UPDATE_PROFILE", "scope", "openid profile"));
    seen("13-profile", "#kc-update-profile-form");
    page.navigate(issuer() + "/protocol/openid-connect/logout");
    seen("14-sign-out", "#kc-logout");
    page.click("#kc-logout");
    seen("15-signed-out", "body:not(:has(#kc-logout)) #kc-info-message");
  }

  private void signInWithIt(String address) {
    open(Map.of());
    page.fill("#username", address);
    page.fill("#password", PASSWORD);
    page.click("#kc-login");
    seen("16-code", "#kc-otp-login-form");
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
    open(Map.of());
    page.click("a[href*=reset-credentials]");
    seen("20-forgotten", "#kc-reset-password-form");
    page.fill("#username", newAddress());
    page.click("#kc-reset-password-form [type=submit]");
    seen("21-link-sent", ".pf-m-success");
    page.navigate(issuer() + "/protocol/openid-connect/auth?client_id=nobody&response_type=code");
    seen("22-error", "#kc-error-message");
    page.navigate(issuer() + "/device");
    seen("23-device", "#kc-user-verify-device-user-code-form");
  }

  private void mails(String address) {
    var mail = mailbox().await(address);
    page.setContent(mail.html());
    seen("24-mail", ".mail a");
  }

  private void passwords(String one, String other) {
    page.fill("#password-new", one);
    page.fill("#password-confirm", other);
    page.click("#kc-passwd-update-form [type=submit]");
  }

  private void signedIn() {
    page.waitForURL(Pattern.compile(Pattern.quote(chromium.application()) + ".*"));
  }

  private void open(Map<String, String> more) {
    var parameters =
        new TreeMap<>(
            Map.of(
                "client_id", "task-cli",
                "response_type", "code",
                "scope", "openid",
                "redirect_uri", chromium.application(),
                "code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
                "code_challenge_method", "S256"));
    parameters.putAll(more);
    page.navigate(authorization(parameters).toString());
  }

  private void seen(String name, String mark) {
    page.locator(mark).first().waitFor(new WaitForOptions().setState(WaitForSelectorState.ATTACHED));
    page.waitForLoadState();
    page.screenshot(
        new ScreenshotOptions()
            .setPath(Path.of("target", "album", name + "-" + look + ".png"))
            .setFullPage(true));
    for (var violation : new AxeBuilder(page).withTags(RULES).analyze().getViolations()) {
      violation
          .getNodes()
          .forEach(
              node ->
                  problems.add(
                      name + " " + look + ": " + violation.getId() + " at " + node.getTarget()));
    }
    var wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth";
    if ((Boolean) page.evaluate(wide)) {
      problems.add(name + " " + look + " is wider than the window");
    }
  }
}
