/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static rowlock.realm.RealmServer.PASSWORD;
import static rowlock.realm.RealmServer.authorization;
import static rowlock.realm.RealmServer.issuer;
import static rowlock.realm.RealmServer.realm;
import static rowlock.realm.RealmServer.register;

import com.google.gson.JsonObject;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Page;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Passkeys, with a real browser and an authenticator that it simulates (WebAuthn Level 3 §11). */
class PasskeyIT {
  private static Chromium chromium;

  private BrowserContext context;
  private Page page;
  private CDPSession devtools;
  private String authenticator;

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

  @BeforeEach
  void openAPageOnADeviceWithAnAuthenticator() {
    context = chromium.browser().newContext();
    // a machine that does other things too
    context.setDefaultTimeout(60_000);
    page = context.newPage();
    page.onDialog(Dialog::accept);
    devtools = context.newCDPSession(page);
    devtools.send("WebAuthn.enable");
    authenticator = plugIn();
  }

  @AfterEach
  void close() {
    context.close();
  }

  @Test
  void aPasskeySignsInWithoutNameOrPassword() {
    var person = register();
    addPasskey(person.address());
    assertThat(realm("/users/" + person.id() + "/credentials").findValuesAsString("type"))
        .containsExactlyInAnyOrder("password", "webauthn-passwordless");
    page.context().clearCookies();

    page.navigate(address(Map.of()));
    touch(true);

    page.waitForURL(signedIn());
    assertThat(realm("/users/" + person.id() + "/sessions")).hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  void anAuthenticatorThatCannotTellWhoUsesItIsNotEnough() {
    var person = register();
    addPasskey(person.address());
    page.context().clearCookies();
    var verified = new JsonObject();
    verified.addProperty("authenticatorId", authenticator);
    verified.addProperty("isUserVerified", false);
    devtools.send("WebAuthn.setUserVerified", verified);

    page.navigate(address(Map.of()));
    touch(true);
    page.click("#authenticateWebAuthnButton");

    page.waitForSelector(".pf-m-danger");
    assertThat(page.textContent("main")).contains("Failed to authenticate by the Passkey");
    assertThat(page.url()).startsWith(issuer());
  }

  @Test
  void thePasswordGoesOnWorkingBesideAPasskey() {
    var person = register();
    addPasskey(person.address());
    page.context().clearCookies();

    page.navigate(address(Map.of()));
    password(person.address());

    page.waitForURL(signedIn());
  }

  private void addPasskey(String user) {
    page.navigate(address(Map.of("kc_action", "webauthn-register-passwordless")));
    password(user);
    page.waitForSelector("#registerWebAuthn");
    touch(true);
    page.click("#registerWebAuthn");
    page.waitForURL(signedIn());
    touch(false);
  }

  /**
   * Whether the person touches the authenticator when it asks. The login page asks by itself as soon
   * as it is there.
   */
  private void touch(boolean present) {
    var parameters = new JsonObject();
    parameters.addProperty("authenticatorId", authenticator);
    parameters.addProperty("enabled", present);
    devtools.send("WebAuthn.setAutomaticPresenceSimulation", parameters);
  }

  private void password(String user) {
    page.fill("#username", user);
    page.fill("#password", PASSWORD);
    page.click("#kc-login");
  }

  private static Pattern signedIn() {
    return Pattern.compile(Pattern.quote(chromium.application()) + ".*code=.*");
  }

  private static String address(Map<String, String> more) {
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
    return authorization(parameters).toString();
  }

  private String plugIn() {
    var options = new JsonObject();
    options.addProperty("protocol", "ctap2");
    options.addProperty("transport", "internal");
    options.addProperty("hasResidentKey", true);
    options.addProperty("hasUserVerification", true);
    options.addProperty("isUserVerified", true);
    options.addProperty("automaticPresenceSimulation", false);
    var parameters = new JsonObject();
    parameters.add("options", options);
    return devtools
        .send("WebAuthn.addVirtualAuthenticator", parameters)
        .get("authenticatorId")
        .getAsString();
  }
}
