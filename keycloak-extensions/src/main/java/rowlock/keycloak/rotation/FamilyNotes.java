/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.AuthenticatedClientSessionModel;

/**
 * The families of one client session, one note each, beside the server's own notes: stored with the
 * session, gone with the session, seen by every node.
 */
final class FamilyNotes {
  private static final String PREFIX = "rowlock.rotation.";

  private final AuthenticatedClientSessionModel clientSession;

  FamilyNotes(AuthenticatedClientSessionModel clientSession) {
    this.clientSession = clientSession;
  }

  /**
   * What is known of a family. Nothing, if the server rotated without us in between (the policy was
   * off, or the jar not there): its own note of the token used last then differs from ours, and is
   * the one to believe.
   */
  @Nullable Family read(String familyId) {
    var family = Family.ofText(clientSession.getNote(PREFIX + familyId));
    var lastUsed = clientSession.getRefreshToken(familyId);
    return family != null && family.lastUsed().equals(lastUsed) ? family : null;
  }

  /** Keeps a family, and drops those of which every token has expired. */
  void write(String familyId, Family family, long nowSeconds) {
    clientSession.setNote(PREFIX + familyId, family.toText());
    Map.copyOf(clientSession.getNotes())
        .forEach(
            (name, text) -> {
              if (name.startsWith(PREFIX)) {
                var other = Family.ofText(text);
                if (other != null && other.isDead(nowSeconds)) {
                  remove(name.substring(PREFIX.length()));
                }
              }
            });
  }

  private void remove(String familyId) {
    clientSession.removeNote(PREFIX + familyId);
    clientSession.removeNote(AuthenticatedClientSessionModel.REFRESH_TOKEN_PREFIX + familyId);
    clientSession.removeNote(AuthenticatedClientSessionModel.REFRESH_TOKEN_USE_PREFIX + familyId);
    clientSession.removeNote(
        AuthenticatedClientSessionModel.REFRESH_TOKEN_LAST_REFRESH_PREFIX + familyId);
  }
}
