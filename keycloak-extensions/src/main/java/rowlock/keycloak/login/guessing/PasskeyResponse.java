/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.ws.rs.core.MultivaluedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keycloak.WebAuthnConstants;
import org.keycloak.common.Profile;
import org.keycloak.common.util.Base64Url;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.WebAuthnCredentialModel;

/**
 * The fields of a browser's response to a passkey request (WebAuthn §5.2.2), checked as far as
 * possible before the server verifies them.
 */
final class PasskeyResponse {
  /** WebAuthn §4, user handle. */
  private static final int MAX_HANDLE_LENGTH = 64;

  private PasskeyResponse() {}

  /** Returns whether the server treats a form as a passkey response instead of a password. */
  static boolean isIn(RealmModel realm, MultivaluedMap<String, String> form) {
    return Profile.isFeatureEnabled(Profile.Feature.PASSKEYS)
        && Boolean.TRUE.equals(realm.getWebAuthnPolicyPasswordless().isPasskeysEnabled())
        && (form.containsKey(WebAuthnConstants.AUTHENTICATOR_DATA)
            || form.containsKey(WebAuthnConstants.ERROR));
  }

  /**
   * Returns whether a response has the form that the server's page sends: no user name, a user
   * handle that is empty or can be an account's id, and either an error of the browser or four
   * fields in base64url.
   *
   * <p>The server looks up a user name in a response, and answers differently if there is such an
   * account. It does not handle fields that cannot be decoded.
   */
  static boolean isReadable(MultivaluedMap<String, String> form) {
    var name = form.getFirst(GuardedPasswordForm.USERNAME);
    if ((name != null && !name.isEmpty()) || !form.containsKey(WebAuthnConstants.USER_HANDLE)) {
      return false;
    }
    var error = form.getFirst(WebAuthnConstants.ERROR);
    if (error != null && !error.isBlank()) {
      return true;
    }
    var handle = form.getFirst(WebAuthnConstants.USER_HANDLE);
    return Stream.of(
                WebAuthnConstants.CREDENTIAL_ID,
                WebAuthnConstants.CLIENT_DATA_JSON,
                WebAuthnConstants.AUTHENTICATOR_DATA,
                WebAuthnConstants.SIGNATURE)
            .allMatch(field -> decoded(form.getFirst(field)) != null)
        && (handle == null || handle.isBlank() || canBeUserId(decoded(handle)));
  }

  /** Returns whether the form that the account was shown asked for a passkey. */
  static boolean isOfferedTo(UserModel user) {
    return user.credentialManager().isConfiguredFor(WebAuthnCredentialModel.TYPE_PASSWORDLESS);
  }

  /** Returns the bytes of a field, or null if it is missing or not in base64url. */
  private static byte @Nullable [] decoded(@Nullable String field) {
    if (field == null || field.isBlank()) {
      return null;
    }
    try {
      return Base64Url.decode(field);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static boolean canBeUserId(byte @Nullable [] handle) {
    return handle != null
        && handle.length <= MAX_HANDLE_LENGTH
        && new String(handle, UTF_8).indexOf('\0') < 0;
  }
}
