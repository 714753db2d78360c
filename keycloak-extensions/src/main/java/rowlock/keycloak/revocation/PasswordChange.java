/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;
import rowlock.keycloak.revocation.delivery.SecurityEvent.Initiator;
import rowlock.keycloak.revocation.stock.UserSessions;

/**
 * Ends sessions when a password changes, so that no one stays signed in with the old one (OWASP
 * ASVS 5.0 7.4.3). In Keycloak that is optional, and missing when an administrator sets the
 * password.
 */
final class PasswordChange {
  private final KeycloakSession session;
  private final PendingEvents pending;

  PasswordChange(KeycloakSession session, PendingEvents pending) {
    this.session = session;
    this.pending = pending;
  }

  /**
   * Ends the sessions of the user and adds the events.
   *
   * @param kept id of the session in which it was changed, which stays; null for none
   */
  void changed(UserModel user, Initiator initiator, @Nullable String kept) {
    var id = user.getId();
    pending.add(
        "credential " + id, frame -> frame.credentialChange(id, "password", "update", initiator));
    UserSessions.endAll(session, pending.realm(), user, kept)
        .forEach(one -> pending.sessionEnded(one, id, initiator));
  }
}
