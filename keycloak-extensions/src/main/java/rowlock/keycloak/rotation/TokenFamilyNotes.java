/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.representations.RefreshToken;
import org.keycloak.util.JsonSerialization;

/**
 * The token families of one client session, stored in two notes for each: the state, and the claims
 * of the newest token. Stored and removed with the session, and visible to every node.
 */
final class TokenFamilyNotes {
  private static final String PREFIX = "rowlock.rotation.";
  private static final String NEWEST_PREFIX = "rowlock.newest.";

  private final AuthenticatedClientSessionModel clientSession;

  TokenFamilyNotes(AuthenticatedClientSessionModel clientSession) {
    this.clientSession = clientSession;
  }

  /**
   * Returns the state of a family; null if there is none, or if the server has rotated without this
   * extension meanwhile (policy disabled, or jar removed): the server's own note of the last used
   * token then differs, and takes precedence.
   */
  @Nullable TokenFamily read(String familyId) {
    var family = TokenFamily.ofText(clientSession.getNote(PREFIX + familyId));
    var lastUsed = clientSession.getRefreshToken(familyId);
    return family != null && family.lastUsed().equals(lastUsed) ? family : null;
  }

  /**
   * Returns the newest token of a family with the claims that it was issued with, or null if they
   * are not stored.
   */
  @Nullable RefreshToken newest(String familyId, TokenFamily family) {
    var claims = clientSession.getNote(NEWEST_PREFIX + familyId);
    if (claims == null) {
      return null;
    }
    try {
      var token = JsonSerialization.readValue(claims, RefreshToken.class);
      return family.newest().tokenId().equals(token.getId()) ? token : null;
    } catch (IOException e) {
      // written by another version
      return null;
    }
  }

  /**
   * Stores a family, and removes those whose tokens have all expired.
   *
   * @param newest the family's newest token
   */
  void write(String familyId, TokenFamily family, RefreshToken newest, long nowSeconds) {
    clientSession.setNote(PREFIX + familyId, family.toText());
    clientSession.setNote(NEWEST_PREFIX + familyId, json(newest));
    Map.copyOf(clientSession.getNotes())
        .forEach(
            (name, text) -> {
              if (name.startsWith(PREFIX)) {
                var other = TokenFamily.ofText(text);
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
