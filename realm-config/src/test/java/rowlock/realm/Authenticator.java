/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import rowlock.browser.Window;

/** An authenticator that the browser simulates (WebAuthn Level 3 §11). */
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

  /** Built into the device; keeps passkeys and knows who uses it. */
  static Authenticator passkeys(Window window) {
    var options = new JsonObject();
    options.addProperty("transport", "internal");
    options.addProperty("hasResidentKey", true);
    options.addProperty("hasUserVerification", true);
    options.addProperty("isUserVerified", true);
    return new Authenticator(window.context().newCDPSession(window.page()), options);
  }

  /** On the key ring; only knows that somebody touches it. */
  static Authenticator securityKey(Window window) {
    var options = new JsonObject();
    options.addProperty("transport", "usb");
    return new Authenticator(window.context().newCDPSession(window.page()), options);
  }

  /**
   * Whether the person touches it when it asks from now on. The login page asks by itself as soon
   * as it is there.
   */
  void touch(boolean present) {
    var parameters = parameters();
    parameters.addProperty("enabled", present);
    devtools.send("WebAuthn.setAutomaticPresenceSimulation", parameters);
  }

  /** Whether it can tell who uses it. */
  void verifies(boolean person) {
    var parameters = parameters();
    parameters.addProperty("isUserVerified", person);
    devtools.send("WebAuthn.setUserVerified", parameters);
  }

  /** Its signatures are wrong from now on. */
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
