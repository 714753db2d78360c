/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.browser;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/**
 * The browsers that users have signed in from. A browser has a random number for each account, in a
 * cookie; the server stores its digest, from which no cookie can be derived.
 */
public final class KnownBrowsers {
  private KnownBrowsers() {}

  /**
   * Returns a budget key if the owner of the account has signed in from the request's browser
   * before; otherwise null.
   */
  public static @Nullable String idOf(KeycloakSession session, RealmModel realm, UserModel user) {
    var number = BrowserCookie.of(realm, user).read(session);
    if (number == null) {
      return null;
    }
    var digest = digest(user.getId(), number);
    return isKnown(session, realm, user, digest) ? digest : null;
  }

  /** Returns the keys of all browsers from which the owner of the account has signed in. */
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

  /**
   * Returns a digest that depends on the account, so that rows of two accounts cannot be linked.
   */
  static String digest(String userId, String number) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest((userId + "\n" + number).getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
