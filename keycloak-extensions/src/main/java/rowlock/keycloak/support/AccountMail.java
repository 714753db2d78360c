/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.support;

import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/** Mails to the owner of an account that are sent after the commit of a request. */
public final class AccountMail {
  private static final String EXECUTOR = "rowlock-mail";

  private AccountMail() {}

  /**
   * Returns whether the realm has a mail server and the account an address of its owner. An
   * unconfirmed address may belong to a stranger; it counts only if the realm does not confirm
   * addresses.
   */
  public static boolean canBeSent(RealmModel realm, UserModel user) {
    var host = realm.getSmtpConfig().get("host");
    return host != null
        && !host.isBlank()
        && user.getEmail() != null
        && !user.getEmail().isBlank()
        && (user.isEmailVerified() || !realm.isVerifyEmail());
  }

  /**
   * Sends a mail when the request is committed, on a thread of its own and in a transaction of its
   * own: a mail server that is unavailable or slow neither delays nor fails the request.
   *
   * @param listener name for {@link ListenerFailures}
   */
  public static void enlist(
      KeycloakSession session, String listener, String realmId, String userId, AccountJob mail) {
    var factory = session.getKeycloakSessionFactory();
    AfterCommit.start(
        session, listener, EXECUTOR, () -> AccountJob.run(factory, realmId, userId, mail));
  }

  /** Returns the display name of a realm for a mail. */
  public static String nameOf(RealmModel realm) {
    return realm.getDisplayName() == null ? realm.getName() : realm.getDisplayName();
  }
}
