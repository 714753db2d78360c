/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.login;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a person changes on a page of Keycloak, from where they come back (kc_action). */
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

  /** The word in our addresses. */
  String code() {
    return code;
  }

  /** Keycloak's name. */
  String keycloak() {
    return keycloak;
  }

  static Optional<AccountAction> of(@Nullable String code) {
    for (AccountAction action : values()) {
      if (action.code.equals(code)) {
        return Optional.of(action);
      }
    }
    return Optional.empty();
  }
}
