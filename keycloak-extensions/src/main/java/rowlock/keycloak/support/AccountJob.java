/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.support;

import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/** Work on an account in a transaction of its own. */
@FunctionalInterface
public interface AccountJob {
  /** Does the work. The realm is that of the session's context. */
  void work(KeycloakSession session, RealmModel realm, UserModel user);

  /** Runs a job; without effect if the realm or the account has been removed. */
  static void run(KeycloakSessionFactory factory, String realmId, String userId, AccountJob job) {
    KeycloakModelUtils.runJobInTransaction(
        factory,
        session -> {
          var realm = session.realms().getRealm(realmId);
          if (realm == null) {
            return;
          }
          session.getContext().setRealm(realm);
          var user = session.users().getUserById(realm, userId);
          if (user != null) {
            job.work(session, realm, user);
          }
        });
  }
}
