/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.representations.RefreshToken;
import org.keycloak.util.JsonSerialization;

/**
 * The families of one client session, beside the server's own notes: one note with the state and
 * one with the claims of the newest token for each. Stored with the session, gone with the session,
 * seen by every node.
 */
final class FamilyNotes {
  private static final String PREFIX = "rowlock.rotation.";
  private static final String NEWEST_PREFIX = "rowlock.newest.";

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

  /** Returns the newest token of a family with the claims that it was issued with. */
  Optional<RefreshToken> newest(String familyId, Family family) {
    var claims = clientSession.getNote(NEWEST_PREFIX + familyId);
    if (claims == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(JsonSerialization.readValue(claims, RefreshToken.class))
          .filter(token -> family.newest().tokenId().equals(token.getId()));
    } catch (IOException e) {
      // written by another version
      return Optional.empty();
    }
  }

  /**
   * Keeps a family, and drops those of which every token has expired.
   *
   * @param newest the family's newest token
   */
  void write(String familyId, Family family, RefreshToken newest, long nowSeconds) {
    clientSession.setNote(PREFIX + familyId, family.toText());
    clientSession.setNote(NEWEST_PREFIX + familyId, json(newest));
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

  private static String json(RefreshToken token) {
    try {
      return JsonSerialization.writeValueAsString(token);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void remove(String familyId) {
    clientSession.removeNote(PREFIX + familyId);
    clientSession.removeNote(NEWEST_PREFIX + familyId);
    clientSession.removeNote(AuthenticatedClientSessionModel.REFRESH_TOKEN_PREFIX + familyId);
    clientSession.removeNote(AuthenticatedClientSessionModel.REFRESH_TOKEN_USE_PREFIX + familyId);
    clientSession.removeNote(
        AuthenticatedClientSessionModel.REFRESH_TOKEN_LAST_REFRESH_PREFIX + familyId);
  }
}
