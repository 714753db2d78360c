/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.account;

import java.util.Collection;
import java.util.List;
import org.keycloak.models.UserSessionModel;
import org.keycloak.models.credential.WebAuthnCredentialModel;
import rowlock.keycloak.support.SecondFactors;

/** The credentials that the last login of a session verified, stored as a note of the session. */
final class VerifiedFactors {
  private static final String NOTE = "rowlock.shown-factors";
  private static final String SEPARATOR = " ";

  private VerifiedFactors() {}

  /** Replaces the note. */
  static void record(UserSessionModel session, Collection<String> credentialTypes) {
    session.setNote(NOTE, String.join(SEPARATOR, credentialTypes));
  }

  /**
   * Returns whether the login was as strong as the account allows: with a second factor or a
   * passkey, if the account has a second factor.
   */
  static boolean suffice(UserSessionModel session) {
    var note = session.getNote(NOTE);
    var shown = note == null ? List.<String>of() : List.of(note.split(SEPARATOR));
    return shown.contains(WebAuthnCredentialModel.TYPE_PASSWORDLESS)
        || SecondFactors.areAmong(shown)
        || !SecondFactors.has(session.getUser());
  }
}
