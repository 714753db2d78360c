/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.support;

import java.util.List;
import org.keycloak.authentication.AuthenticatorUtil;
import org.keycloak.sessions.AuthenticationSessionModel;

/** The credentials that a login has verified. */
public final class VerifiedCredentials {
  private VerifiedCredentials() {}

  /** Returns their types, in the order of verification. */
  public static List<String> of(AuthenticationSessionModel login) {
    return AuthenticatorUtil.getAuthnCredentials(login);
  }
}
