/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.login;

import org.jspecify.annotations.Nullable;

/** Actions on Keycloak's pages that the user starts from the page ({@code kc_action}). */
enum AccountAction {
  PROFILE("profile", "UPDATE_PROFILE"),
  EMAIL("email", "UPDATE_EMAIL"),
  PASSWORD("password", "UPDATE_PASSWORD"),
  PASSKEY("passkey", "webauthn-register-passwordless"),
  SECOND_FACTOR("second-factor", "CONFIGURE_TOTP"),
  RECOVERY_CODES("recovery-codes", "CONFIGURE_RECOVERY_AUTHN_CODES"),
  DELETE_ACCOUNT("delete-account", "delete_account");

  private final String code;
  private final String keycloak;

  AccountAction(String code, String keycloak) {
    this.code = code;
    this.keycloak = keycloak;
  }

  /** Returns the value of the parameter {@code action}. */
  String code() {
    return code;
  }

  /** Returns the value of {@code kc_action}. */
  String keycloak() {
    return keycloak;
  }

  /** Returns the action with this code, or null if there is none. */
  static @Nullable AccountAction of(@Nullable String code) {
    for (var action : values()) {
      if (action.code.equals(code)) {
        return action;
      }
    }
    return null;
  }
}
