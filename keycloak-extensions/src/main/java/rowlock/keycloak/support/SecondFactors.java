/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.support;

import java.util.Collection;
import java.util.Set;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.OTPCredentialModel;
import org.keycloak.models.credential.RecoveryAuthnCodesCredentialModel;
import org.keycloak.models.credential.WebAuthnCredentialModel;

/** The credential types that the login asks for after the password. */
public final class SecondFactors {
  private static final Set<String> TYPES =
      Set.of(
          OTPCredentialModel.TYPE,
          WebAuthnCredentialModel.TYPE_TWOFACTOR,
          RecoveryAuthnCodesCredentialModel.TYPE);

  private SecondFactors() {}

  /** Returns whether one of these credential types is a second factor. */
  public static boolean areAmong(Collection<String> credentialTypes) {
    return credentialTypes.stream().anyMatch(TYPES::contains);
  }

  /** Returns whether an account has a second factor. */
  public static boolean has(UserModel user) {
    return TYPES.stream().anyMatch(user.credentialManager()::isConfiguredFor);
  }
}
