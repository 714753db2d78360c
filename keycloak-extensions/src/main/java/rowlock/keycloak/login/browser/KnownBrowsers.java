/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.browser;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/**
 * Which browsers people have signed in from. A browser has a random number of its own for each
 * account, in a cookie; the server keeps its digest. Who has the table has no cookie, and nobody
 * can make a cookie that is in the table.
 */
public final class KnownBrowsers {
  private KnownBrowsers() {}

  /**
   * Returns a key for budgets if the owner of an account has signed in from the browser of the
   * request before; otherwise empty.
   */
  public static Optional<String> idOf(KeycloakSession session, RealmModel realm, UserModel user) {
    return BrowserCookie.of(realm, user)
        .read(session)
        .map(number -> digest(user.getId(), number))
        .filter(digest -> isKnown(session, realm, user, digest));
  }

  /** Returns the keys of all browsers that the owner of an account has signed in from. */
  public static List<String> idsOf(KeycloakSession session, RealmModel realm, UserModel user) {
    return KeycloakModelUtils.runJobInTransactionWithResult(
        session.getKeycloakSessionFactory(),
        own -> table(own).digests(realm.getId(), user.getId()));
  }

  private static boolean isKnown(
      KeycloakSession session, RealmModel realm, UserModel user, String digest) {
    return KeycloakModelUtils.runJobInTransactionWithResult(
        session.getKeycloakSessionFactory(),
        own -> table(own).isKnown(realm.getId(), user.getId(), digest));
  }

  static BrowserTable table(KeycloakSession session) {
    return new BrowserTable(session.getProvider(JpaConnectionProvider.class).getEntityManager());
  }

  /** Bound to the account: one row says nothing of another's. */
  static String digest(String userId, String number) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest((userId + "\n" + number).getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
