/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import rowlock.browser.Window;

/** Controls an authenticator that the browser simulates (WebAuthn Level 3 §11). */
final class Authenticator {
  private final CDPSession devtools;
  private final String id;

  private Authenticator(CDPSession devtools, JsonObject options) {
    this.devtools = devtools;
    devtools.send("WebAuthn.enable");
    options.addProperty("protocol", "ctap2");
    options.addProperty("automaticPresenceSimulation", false);
    var parameters = new JsonObject();
    parameters.add("options", options);
    id =
        devtools
            .send("WebAuthn.addVirtualAuthenticator", parameters)
            .get("authenticatorId")
            .getAsString();
  }

  /** Creates a built-in authenticator that stores passkeys and verifies its user. */
  static Authenticator passkeys(Window window) {
    var options = new JsonObject();
    options.addProperty("transport", "internal");
    options.addProperty("hasResidentKey", true);
    options.addProperty("hasUserVerification", true);
    options.addProperty("isUserVerified", true);
    return new Authenticator(window.context().newCDPSession(window.page()), options);
  }

  /** Creates a security key that detects a touch but does not verify its user. */
  static Authenticator securityKey(Window window) {
    var options = new JsonObject();
    options.addProperty("transport", "usb");
    return new Authenticator(window.context().newCDPSession(window.page()), options);
  }

  /**
   * Sets whether the user touches the authenticator from now on. The login page asks for it as soon
   * as it is loaded.
   */
  void touch(boolean present) {
    var parameters = parameters();
    parameters.addProperty("enabled", present);
    devtools.send("WebAuthn.setAutomaticPresenceSimulation", parameters);
  }

  /** Sets whether the authenticator verifies its user. */
  void verifies(boolean person) {
    var parameters = parameters();
    parameters.addProperty("isUserVerified", person);
    devtools.send("WebAuthn.setUserVerified", parameters);
  }

  /** Makes all further signatures invalid. */
  void breakSignatures() {
    var parameters = parameters();
    parameters.addProperty("isBogusSignature", true);
    devtools.send("WebAuthn.setResponseOverrideBits", parameters);
  }

  private JsonObject parameters() {
    var parameters = new JsonObject();
    parameters.addProperty("authenticatorId", id);
    return parameters;
  }
}
