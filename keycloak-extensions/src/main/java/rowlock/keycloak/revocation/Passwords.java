/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import java.util.Optional;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;
import rowlock.keycloak.revocation.delivery.SecurityEvent.Initiator;
import rowlock.keycloak.revocation.stock.UserSessions;

/**
 * A password that is new ends what was begun with the old one: whoever knew it is out (OWASP ASVS
 * 5.0 7.4.3). The server leaves that to a check box, and does not do it at all when an
 * administrator sets the password.
 */
final class Passwords {
  private final KeycloakSession session;
  private final Changes changes;

  Passwords(KeycloakSession session, Changes changes) {
    this.session = session;
    this.changes = changes;
  }

  /**
   * Ends the sessions of the user.
   *
   * @param kept the session in which it was changed
   */
  void changed(UserModel user, Initiator initiator, Optional<String> kept) {
    var id = user.getId();
    changes.add(
        "credential " + id, frame -> frame.credentialChange(id, "password", "update", initiator));
    UserSessions.endAll(session, changes.realm(), user, kept.orElse(null))
        .forEach(one -> changes.sessionIsOver(one, id, initiator));
  }
}
